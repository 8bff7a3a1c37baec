"""What is caught of true sentences altered by rule: rules by subject, honest texts to alter, and the gates to try."""
