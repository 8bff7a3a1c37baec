"""The pure core: texts into spans, claims into standings, sentences into verdicts. No I/O, no clock."""
