"""How well a judge tells what is supported: labelled pairs, and altered sentences, in both ways of asking."""
