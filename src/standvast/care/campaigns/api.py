"""What the composition root, drills and other floors may import from campaigns."""

from standvast.care.campaigns.commit import commit
from standvast.care.campaigns.declared import (
    EDGES_OF_CAMPAIGNS,
    PARTS,
    RAIL_ITEMS,
    RIGHTS_OF_CAMPAIGNS,
    SWEEPS_OF_CAMPAIGNS,
)
from standvast.care.campaigns.destinations import CONFIRMATION_LANE
from standvast.care.campaigns.items import Confirm, Kept, Release, Take
from standvast.care.campaigns.live import CampaignsLive
from standvast.care.campaigns.passes import free_places
from standvast.care.campaigns.probes import PROBES_OF_CAMPAIGNS
from standvast.care.campaigns.rules import Programme, SeasonState, SeasonTerms
from standvast.care.campaigns.seeds import seed_season
from standvast.care.campaigns.served import organisations_served

__all__ = [
    "CONFIRMATION_LANE",
    "EDGES_OF_CAMPAIGNS",
    "PARTS",
    "PROBES_OF_CAMPAIGNS",
    "RAIL_ITEMS",
    "RIGHTS_OF_CAMPAIGNS",
    "SWEEPS_OF_CAMPAIGNS",
    "CampaignsLive",
    "Confirm",
    "Kept",
    "Programme",
    "Release",
    "SeasonState",
    "SeasonTerms",
    "Take",
    "commit",
    "free_places",
    "organisations_served",
    "seed_season",
]
