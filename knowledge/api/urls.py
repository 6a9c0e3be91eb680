"""Addresses under /api/v1/ of help articles."""

from django.urls import path

from knowledge.api.articles import ArticlesView, ArticleView, PublishView, UnpublishView
from knowledge.api.searching import SearchView, VectorsView

urlpatterns = [
    path("articles/", ArticlesView.as_view()),
    path("articles/search/", SearchView.as_view()),
    path("articles/vectors/", VectorsView.as_view()),
    path("articles/<int:article_id>/", ArticleView.as_view()),
    path("articles/<int:article_id>/publish/", PublishView.as_view()),
    path("articles/<int:article_id>/unpublish/", UnpublishView.as_view()),
]
