"""Phrases: how passages that speak to a model are worded, in the languages of which some are known."""

from __future__ import annotations

import re
from dataclasses import dataclass

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, and groups of stems in lower case: of each group one stands in every text that it finds."""

    stems: tuple[tuple[str, ...], ...]
    pattern: re.Pattern[str]

    def may_stand_in(self, lowered: str) -> bool:
        """False where the pattern finds nothing for sure; much quicker than to look."""
        return all(any(stem in lowered for stem in group) for group in self.stems)


def _order(stems: str, pattern: str) -> Phrase:
    """A phrase. Groups of stems are parted by bars, stems by spaces, and the words of one by an underscore."""
    groups = tuple(tuple(s.replace("_", " ") for s in group.split()) for group in stems.split("|"))
    return Phrase(groups, re.compile(pattern, re.IGNORECASE | re.MULTILINE))


# An order stands where a sentence, a clause or a quotation begins: "residents were told to ignore earlier
# instructions" is a report.
_BEGINS = (
    r"(?:^|[.!?:;,…\n>)\[\]*#\"'“”«»‘’–—(-][ \t]{0,8}|\b(?:please|now|then|must|should|simply|just|instead|immediately|also|so|and now|to you)\s+)"
    r"(?:please\s+|now\s+|do\s+|you\s+(?:must|should|will|are\s+to)\s+)?"
)
_THEIRS = r"(?:the|this|that|your|any|my|all|of|its|other|previous|prior|above|earlier|preceding|foregoing|existing|initial|original|system|safety|developer|hidden)"
_RULES = r"(?:instructions?|prompts?|system\s+(?:prompt|message|rules)|directives?|guardrails|programming|context\s+window|(?:rules|guidelines|text|messages?|orders)\s+(?:above|before\s+this|you\s+(?:were|have\s+been)\s+given))"
_MODEL = r"(?:A\.?I\.?(?:\s+(?:system|model|assistant|agent|summari[sz]er|tool)s?)?|(?:large\s+)?language\s+models?|LLMs?|chatbots?|(?:text\s+|automatic\s+)?summari[sz](?:er|ation\s+(?:model|system))s?|virtual\s+assistants?|assistant\s+models?)"
_OUTPUT = r"(?:your|the|every|any|its|a)\s+(?:final\s+|next\s+|whole\s+|first\s+)?(?:summary|summaries|output|answer|response|reply|replies|completion|json)"
_VERBS = r"(?:include|insert|add|put|write|place|append|begin|start|end|open|close|fill|repeat|mention|state|report|output|respond|reply|answer|say|print|return|give)"
_JUDGED = r"(?:consensus|corroborated|supported|unanimous|agreed\s+(?:on\s+)?by\s+(?:all|every)|confirmed\s+by\s+(?:all|every|each)\s+(?:the\s+)?(?:source|document|report)s?|(?:stated|said|told)\s+by\s+(?:all|every)|a\s+shared\s+(?:fact|claim)|verified|contradicted|not_found|same)"
_SOURCES = r"(?:(?:the\s+)?(?:other|first|second|third|next|all|every|each|both)\s+(?:the\s+)?(?:documents?|sources?|reports?|articles?)|documents?\s+['\"“]?\w+|source\s+['\"“]?\w+|sentences?\s+\[?s?\d+)"
_TOLD = r"(?:system\s+prompt|hidden\s+prompt|(?:initial|original|full|exact|own|secret|developer)\s+(?:prompt|instructions)|your\s+(?:prompt|instructions|system\s+message|rules)|(?:everything|all|the\s+(?:text|words?|lines|messages?|prompt|instructions))\s+(?:that\s+(?:is|are|stands?)\s+)?(?:written\s+)?(?:above|before\s+this))"

PHRASES = (
    _order(
        "ignor disregard forget overrid discard bypass abandon follow|instruct prompt directive guardrail programming context system above given",
        rf"{_BEGINS}(?:ignore|disregard|forget|override|discard|bypass|abandon|do\s+not\s+follow|stop\s+following)\s+(?:{_THEIRS}\s+){{1,5}}{_RULES}\b",
    ),
    _order(
        "ignor disregard forget overrid discard|above told given before far",
        rf"{_BEGINS}(?:ignore|disregard|forget|override|discard)\s+(?:everything|all|anything|what)\s+(?:that\s+)?(?:(?:you|i)\s+(?:were|was|have\s+been|had\s+been)\s+(?:told|given)|(?:is\s+|was\s+|stands\s+|came\s+)?(?:above|before\s+this|said\s+before|so\s+far))",
    ),
    _order(
        "you are|model ai a.i llm chatbot summari assistant",
        rf"{_BEGINS}you\s+are\s+(?:now\s+|no\s+longer\s+|hereby\s+)?(?:an?\s+|the\s+)?(?:\w+[\s-]+){{0,3}}{_MODEL}\b",
    ),
    _order(
        "you are now",
        rf"{_BEGINS}you\s+are\s+now\s+(?:in\s+)?(?:DAN|developer\s+mode|debug\s+mode|unrestricted|jailbroken|free\s+of)",
    ),
    _order(
        "note notice message memo instruct attention reminder order warning|model ai a.i llm chatbot summari assistant",
        rf"\b(?:note|notice|message|memo|instructions?|attention|reminder|order|warning)\s*(?:to|for|:)\s*(?:(?:the|any|all|every|whichever)\s+)?{_MODEL}\b(?!\s+(?:compan|firm|develop|industr|research|investor|user|sector))",
    ),
    _order(
        "if_you when_you since_you because_you as_you|model ai a.i llm chatbot summari assistant",
        rf"\b(?:if|when|since|because|as)\s+you\s+(?:are|'re)\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,2}}{_MODEL}\b",
    ),
    _order(
        "model llm chatbot summari assistant|dear hey hello attention any all",
        rf"(?:^|[.!?:\n>(\[\"'“][ \t]{0, 8})(?:dear\s+|hey\s+|hello\s+|attention[,:]?\s+|any\s+|all\s+){_MODEL}\s*(?:[,:!]|(?:reading|processing|summari[sz]ing|that\s+reads?)\b)",
    ),
    _order(
        "model llm chatbot summari assistant ai a.i|reading processing summarising summarizing reads processes summaris summariz",
        rf"\b{_MODEL}\s+(?:reading|processing|summari[sz]ing|that\s+(?:reads?|summari[sz]es?|processes))\s+(?:this|these|the\s+above)\b",
    ),
    _order(
        "summary summaries output answer response reply replies completion json",
        rf"{_BEGINS}(?:{_VERBS})\b[^.!?\n]{{0,160}}\b(?:in|into|to|at\s+the\s+(?:start|end|top)\s+of|as|under|of)\s+{_OUTPUT}\b(?!\s+to\s+the\s+(?:court|police|public))",
    ),
    _order(
        "consensus corroborat supported unanimous agreed confirmed stated told verified contradicted found shared same",
        rf"{_BEGINS}(?:mark|label|classify|treat|count|flag|list|report|tag|rate|declare|judge|call|group)\s+[^.!?\n]{{0,100}}\b(?:as|to\s+be|with\s+the\s+verdict|a|an)\s+(?:the\s+)?['\"“‘]?{_JUDGED}\b",
    ),
    _order(
        "attribut cite credit assign ascribe quote|document source report article sentence",
        rf"{_BEGINS}(?:attribute|cite|credit|assign|ascribe|quote)\s+[^.!?\n]{{0,100}}\b(?:to|from|as|for|by|citing|in)?\s*(?:said\s+by\s+|coming\s+from\s+|being\s+from\s+)?{_SOURCES}\b",
    ),
    _order(
        "prompt instruct system above before rules|reveal print repeat show leak output disclose reproduce quote copy translate recite display spell tell give write return",
        rf"{_BEGINS}(?:reveal|print|repeat|show|leak|output|disclose|reproduce|quote|copy|translate|recite|display|spell\s+out|tell\s+\w+|give|write\s+out|return)\s+(?:\w+\s+){{0,4}}?{_TOLD}\b",
    ),
    _order(
        "supported contradicted found same|answer reply respond output return say",
        rf"{_BEGINS}(?:answer|reply|respond|say|return|output)\s+(?:\w+\s+){{0,3}}?(?:[\"'“‘]?(?:supported|contradicted|not_found|same)[\"'”’]?)\s+(?:to|for|on|about)\b",
    ),
    _order(
        "summar mention cite include reveal tell|not n't never",
        rf"{_BEGINS}(?:do\s+not|don't|never)\s+(?:summari[sz]e|mention|cite|include|reveal|tell)\b[^.!?\n]{{0,80}}\b(?:other\s+(?:documents?|sources?|reports?)|this\s+(?:instruction|prompt|message)|in\s+(?:your|the)\s+(?:summary|answer|output))",
    ),
    _order(
        "new|instruct prompt task directive",
        rf"\bnew\s+(?:system\s+)?(?:instructions?|prompt|task|directive)\s*(?:for\s+(?:you|the\s+{_MODEL}))?\s*:",
    ),
    _order(
        "end_of beginning_of begin_of start_of|document sentences system prompt input instruct data",
        r"\b(?:end|beginning|begin|start)\s+of\s+(?:the\s+)?(?:documents?|sentences|system\s+(?:prompt|message)|(?:user\s+)?(?:prompt|input)|instructions|data)\b\s*[.:\])>=*-]",
    ),
    _order(
        "system developer|:",
        r"^\W{0,6}(?:system|developer)(?:\s+(?:message|prompt|override|note|update|notice))?\W{0,3}:(?=[^\n]{0,200}\b(?:you|your|must|ignore|instructions?|summary|prompt|assistant|model|reply|answer|override|include|cite|consensus|output|mode|supported)\b)",
    ),
    _order(
        "assistant ai|:",
        r"^\W{0,6}(?:assistant|AI)\W{0,3}:\s*(?:sure|certainly|understood|ok(?:ay)?|of\s+course|i\s+(?:will|have|shall|'ll)|here\s+(?:is|are)|the\s+summary|my\s+(?:system\s+)?(?:prompt|instructions))\b",
    ),
    _order(
        "summary output answer response reply",
        rf"{_BEGINS}(?:begin|start|open|end|close|fill|replace|write|change)\s+{_OUTPUT}\s+(?:with|by|so|to)\b",
    ),
    # German
    _order(
        "ignorier missacht vergiss vergessen beachte",
        r"\b(?:ignorier\w*|missacht\w*|vergiss|vergessen\s+sie|beachte\w*\s+nicht)\s+(?:sie\s+)?(?:bitte\s+)?(?:alle|die|deine|ihre|s[äa]mtliche|jede)\s+(?:\w+\s+){0,3}(?:anweisung|instruktion|vorgabe|prompt|systemnachricht)\w*",
    ),
    _order(
        "du_bist sie_sind",
        r"\b(?:du\s+bist|sie\s+sind)\s+(?:jetzt\s+|nun\s+)?(?:eine?\s+)?(?:\w+\s+){0,2}(?:KI|sprachmodell|ki-\w+|chatbot)\b",
    ),
    _order(
        "prompt anweisung",
        r"\b(?:gib|geben\s+sie|zeige|wiederhole|nenne)\s+(?:\w+\s+){0,3}(?:systemprompt|system-prompt|prompt|deine\s+anweisungen|ihre\s+anweisungen)\b",
    ),
    _order(
        "zusammenfassung",
        r"\b(?:schreib\w*|nimm|f[üu]ge|nehmen\s+sie)\b[^.!?\n]{0,120}\bin\s+(?:die|deine|ihre)\s+zusammenfassung\b",
    ),
    # French
    _order(
        "instructions consignes directives prompt|ignor oubli négl negl suiv",
        r"\b(?:ignor(?:e|ez)|oubli(?:e|ez)|n[ée]glige[zr]?|ne\s+(?:suis|suivez)\s+pas)\s+(?:toutes?\s+)?(?:les|tes|vos|ces)\s+(?:\w+\s+){0,3}(?:instructions|consignes|directives|prompts?)\b",
    ),
    _order(
        "tu_es vous",
        r"\b(?:tu\s+es|vous\s+[êe]tes)\s+(?:maintenant\s+|d[ée]sormais\s+)?(?:une?\s+)?(?:\w+\s+){0,2}(?:IA|intelligence\s+artificielle|mod[èe]le\s+de\s+langage|assistant\s+virtuel)\b",
    ),
    _order(
        "prompt consignes instructions",
        r"\b(?:r[ée]v[èe]l(?:e|ez)|affich(?:e|ez)|r[ée]p[èe]t(?:e|ez)|montr(?:e|ez))\s+(?:\w+\s+){0,3}(?:prompt|consignes|instructions)\b",
    ),
    _order(
        "résumé resume",
        r"\b(?:ajout(?:e|ez)|inclus|incluez|[ée]cri(?:s|vez)|mets|mettez)\b[^.!?\n]{0,120}\bdans\s+(?:le|ton|votre)\s+r[ée]sum[ée]\b",
    ),
    # Spanish, Portuguese, Italian
    _order(
        "instruc indicacion instru istruzion rdenes direttive prompt",
        r"\b(?:ignor(?:a|e|en|ad)|olvid(?:a|e|en)|haz\s+caso\s+omiso\s+de|desconsider(?:a|e|em)|esque[çc](?:a|e)|ignor(?:i|ate)|dimentica(?:te)?)\s+(?:todas?\s+|tutt[ei]\s+)?(?:las|tus|sus|as|suas|tuas|le|tue|vostre|ogni)\s+(?:\w+\s+){0,3}(?:instrucciones|indicaciones|instru[çc][õo]es|istruzioni|[óo]rdenes|direttive|prompts?)\b",
    ),
    _order(
        "resumen resumo riassunto",
        r"\b(?:incluye|incluya|escribe|escriba|a[ñn]ade|inclua|escreva|adicione|includi|includete|scrivi|scrivete|aggiungi)\b[^.!?\n]{0,120}\b(?:en\s+(?:el|tu|su)\s+resumen|no\s+(?:seu\s+)?resumo|nel\s+(?:tuo\s+)?riassunto)\b",
    ),
    _order(
        "inteligencia inteligência intelligenza modelo modello",
        r"\b(?:eres|usted\s+es|voc[êe]\s+[ée]|tu\s+[ée]s|sei|lei\s+[èe])\s+(?:ahora\s+|agora\s+|ora\s+)?(?:una?\s+|uma?\s+|un\s+)?(?:\w+\s+){0,2}(?:IA|inteligencia\s+artificial|intelig[êe]ncia\s+artificial|intelligenza\s+artificiale|modelo\s+de\s+(?:lenguaje|linguagem)|modello\s+linguistico)\b",
    ),
    # Dutch, Swedish, Polish, Czech, Turkish, Indonesian
    _order(
        "negeer vergeet",
        r"\b(?:negeer|vergeet)\s+(?:alle|de|je|uw)\s+(?:\w+\s+){0,3}(?:instructies|aanwijzingen|opdrachten|prompts?)\b",
    ),
    _order(
        "ignorera glöm glom",
        r"\b(?:ignorera|gl[öo]m)\s+(?:alla|dina|de)\s+(?:\w+\s+){0,3}(?:instruktioner|anvisningar|prompt\w*)\b",
    ),
    _order(
        "ignoruj pomi zapomnij",
        r"\b(?:zignoruj|ignoruj|zapomnij|ignorujcie|pomi[ńn])\s+(?:o\s+)?(?:wszystki\w+|poprzedni\w+|swoje|twoje)\s+(?:\w+\s+){0,3}(?:instrukcj\w+|polece\w+|wskaz[óo]w\w+|prompt\w*)\b",
    ),
    _order(
        "ignoruj zapome",
        r"\b(?:ignoruj|zapome[ňn])\s+(?:na\s+)?(?:v[šs]echny|p[řr]edchoz[íi])\s+(?:\w+\s+){0,3}(?:pokyny|instrukce|prompt\w*)\b",
    ),
    _order(
        "talimat komut yönerge yonerge",
        r"(?:[öo]nceki|yukar[ıi]daki)\s+(?:\w+\s+){0,2}(?:talimatlar\w*|komutlar\w*|y[öo]nergeler\w*)\s+(?:\w+\s+){0,2}(?:yok\s+say|g[öo]rmezden\s+gel|unut|dikkate\s+alma)",
    ),
    _order("abaikan", r"\babaikan\s+(?:semua\s+)?(?:instruksi|perintah|petunjuk)\b"),
    # Russian, Ukrainian
    _order(
        "игнор забуд следуй ігнор",
        r"(?:игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?|не\s+следуй(?:те)?|ігноруй(?:те)?)\s+(?:\w+\s+){0,4}(?:инструкци\w+|указани\w+|команд\w*|промпт\w*|інструкці\w+|вказівк\w+)",
    ),
    _order(
        "модель интеллект нейросеть",
        r"(?:ты|вы)\s+(?:теперь\s+)?(?:—|-|это)?\s*(?:\w+\s+){0,2}(?:языковая\s+модель|искусственный\s+интеллект|нейросеть)",
    ),
    _order(
        "промпт инструкц",
        r"(?:покажи|раскрой|выведи|повтори)(?:те)?\s+(?:\w+\s+){0,3}(?:системн\w+\s+(?:промпт|инструкц)\w*|промпт|свои\s+инструкции)",
    ),
    # Chinese, Japanese, Korean
    _order(
        "忽 无视 無視 忘 遵守",
        r"(?:忽略|无视|無視|忘记|忘記|忽視|不要遵守|请忽略)[^。！？\n]{0,12}(?:指令|指示|提示词|提示詞|提示|系统消息|系統訊息|规则)",
    ),
    _order("提示", r"(?:显示|輸出|输出|泄露|透露|重复)[^。！？\n]{0,10}(?:系统提示|系統提示|提示词|提示詞)"),
    _order(
        "指示 命令 プロンプト",
        r"(?:以前|これまで|上記|前|すべて|全て)の?[^。！？\n]{0,8}(?:指示|命令|プロンプト)[^。！？\n]{0,6}(?:無視|忘れ)",
    ),
    _order(
        "무시 잊",
        r"(?:이전|위의|지금까지의|모든)[^.!?\n]{0,10}(?:지시|명령|프롬프트|지침)\S{0,3}\s*(?:사항을?\s*)?(?:모두\s*)?(?:무시|잊)",
    ),
    # Arabic, Persian, Hebrew, Hindi, Greek
    _order(
        "تجاهل انس تتبع",
        r"(?:تجاهل|تجاهلوا|انس|انسَ|لا\s+تتبع)\s+(?:\w+\s+){0,3}(?:التعليمات|الأوامر|تعليمات|الإرشادات)",
    ),
    _order("دستور فرمان", r"(?:دستور\S*|فرمان\S*)\s+(?:های\s+)?(?:قبلی|پیشین|بالا)\s*(?:را)?\s*(?:نادیده|فراموش)"),
    _order(
        "התעלם התעלמ שכח",
        r"(?:התעלם|התעלמי|התעלמו|שכח)\s+(?:מ|את\s+)?(?:כל\s+)?(?:\S+\s+){0,2}?(?:ההוראות|הנחיות|ההנחיות|הוראות)",
    ),
    _order(
        "निर्देश आदेश",
        r"(?:पिछले|पहले|ऊपर)\s+(?:\S+\s+){0,3}(?:निर्देश|आदेश)\S*\s+(?:\S+\s+){0,3}(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल)",
    ),
    _order(
        "οδηγίες εντολές υποδείξεις",
        r"(?:αγνόησε|αγνοήστε|ξέχασε|ξεχάστε)\s+(?:\w+\s+){0,4}(?:οδηγίες|εντολές|υποδείξεις)",
    ),
)
"""Orders to a model, each where a report would not have it."""

TEMPLATES = (
    re.compile(r"<\|[\w ]{2,40}\|>|<｜[^｜\n]{2,40}｜>"),
    re.compile(r"\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:system|assistant|user_query)>", _I),
    re.compile(
        r"^[ \t]*#{2,}[ \t]*(?:instruction|response|system(?: (?:prompt|message))?|assistant|human)s?[ \t]*:?[ \t]*$",
        _I | re.MULTILINE,
    ),
    re.compile(r"^(?:Human|Assistant): [^\n]{1,400}\n\s*(?:Human|Assistant): ", re.MULTILINE),
    re.compile(r"\"role\"\s*:\s*\"(?:system|assistant|user)\"", _I),
    re.compile(
        r"(?:^|\n)[ \t]{0,8}[-=*_]{3,80}[ \t]{0,8}(?:BEGIN|END|NEW)\s+(?:SYSTEM|USER|PROMPT|INSTRUCTIONS?|DOCUMENTS?)\b",
        _I,
    ),
)
"""What parts the turns of a conversation with a model."""

MARKUP = (
    re.compile(r"</?\s*(?:sentences|claims|facts|evidence|statements?)\s*/?>", _I),
    re.compile(r"\[[svfc]\d{1,4}\]"),
    re.compile(r"^[ \t]*(?:[cv]\d{1,4} \([^()\n]{1,80}\)|f\d{1,4}): ", re.MULTILINE),
    re.compile(r"\"(?:claims|groups|sentences|verdicts)\"\s*:\s*\[\s*[{\"]|\"verdict\"\s*:\s*\"", _I),
)
"""What Concord's own requests and answers are made of (prompts/)."""
