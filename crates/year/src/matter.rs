//! A matter (*việc*): one piece of the year's work with the steps that it goes through.
