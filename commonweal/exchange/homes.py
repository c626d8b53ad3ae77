"""What happens at somebody's home, as against at the door, on the way or by phone."""

from commonweal.networks.models import Category

AT_HOME = (Category.Nature.TASK, Category.Nature.COMPANY)
