"""Which files the site will have: the content becomes pages, each with the frozen view it shows."""
