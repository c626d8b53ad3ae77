"""How the members set what matching does: the page of the policy, trials of a change on the past, and proposals."""
