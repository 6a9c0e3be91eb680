"""Addresses under /api/v1/ of help articles."""

from django.urls import path

from knowledge.api.articles import ArticlesView, ArticleView, PublishView, UnpublishView

urlpatterns = [
    path("articles/", ArticlesView.as_view()),
    path("articles/<int:article_id>/", ArticleView.as_view()),
    path("articles/<int:article_id>/publish/", PublishView.as_view()),
    path("articles/<int:article_id>/unpublish/", UnpublishView.as_view()),
]
