/* text-size.js */
