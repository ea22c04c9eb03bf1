-- A key that is the same, null or not.
t.$key is not distinct from g.$key
