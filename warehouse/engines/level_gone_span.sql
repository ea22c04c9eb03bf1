-- Less those that a file above took away, which lie together.
and t.rowid not between $first and $last
