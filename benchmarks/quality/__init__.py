"""What is found in clusters: against gold, and who states what against matrices that people made."""
