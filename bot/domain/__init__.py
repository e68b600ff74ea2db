"""The rules of the road: plans, questions, route and people; standard library only."""
