"""What is measured, each by a command of its own; most have a make target of their name.

    quality       what is found in clusters, against what people found there
    alterations   what is caught of true sentences that were altered by rule
    verification  how well any text is checked, against people's labels; train learns what it weighs
    judging       how well a judge tells the same
    speed         time, memory and growth, beside LexRank and lede
    model         what asking a model costs, beside LangChain and LlamaIndex
    jobs          what durable jobs survive, and what they cost
    load          what one process bears
    hostile       what the worst documents cost
    fuzzing       whether any input breaks what must hold
    conformance   whether every answer is as the OpenAPI document says
    mutants       whether the tests notice alterations of the code that decides
    weight, sizes what an installation brings; how large functions and files are

`bench` runs what fits into a quarter of an hour and writes docs/evaluation.md, with `charts`; `screenshots` takes the
README's pictures. What they share: `command`, `processes`, `environments`, and two models: `stub`, by rule, and
`llama`, a real one.
"""
