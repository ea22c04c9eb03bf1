"""How well outbreaks and incidents are found: labelled series from written designs, every detector on the same ones."""
