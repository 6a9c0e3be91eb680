"""Addresses under /api/v1/ of conversations, customers and inboxes; and of the customer's own side."""

from django.urls import include, path

from chat.api import conversations, customer, customers, following, inboxes, promises, reach, verbs

of_conversation = [
    path("", conversations.ConversationView.as_view()),
    path("messages/", conversations.MessagesView.as_view()),
    path("timeline/", following.TimelineView.as_view()),
    path("read/", conversations.ReadMarkView.as_view()),
    path("notes/", conversations.NotesView.as_view()),
    path("events/", conversations.EventsView.as_view()),
    path("handoff/", conversations.HandoffView.as_view()),
    path("handoff/score/", conversations.HandoffScoreView.as_view()),
    path("accept/", verbs.AcceptView.as_view()),
    path("decline/", verbs.DeclineView.as_view()),
    path("release/", verbs.ReleaseView.as_view()),
    path("take_up/", verbs.TakeUpView.as_view()),
    path("pick/", verbs.PickView.as_view()),
    path("transfer/", verbs.TransferView.as_view()),
    path("step_in/", verbs.StepInView.as_view()),
    path("step_out/", verbs.StepOutView.as_view()),
    path("take_over/", verbs.TakeOverView.as_view()),
    path("return_to_bot/", verbs.ReturnToBotView.as_view()),
    path("close/", verbs.CloseView.as_view()),
]

of_customers_own = [
    path("", customer.CustomerConversationView.as_view()),
    path("messages/", customer.CustomerMessagesView.as_view()),
    path("request_human/", customer.RequestHumanView.as_view()),
    path("close/", customer.CloseView.as_view()),
    path("take_callback/", customer.TakeCallbackView.as_view()),
    path("answer_by_mail/", customer.AnswerByMailView.as_view()),
    path("rate/", customer.RateView.as_view()),
    path("read/", customer.ReadView.as_view()),
]

urlpatterns = [
    path("conversations/", conversations.ConversationsView.as_view()),
    path("conversations/<uuid:conversation_id>/", include(of_conversation)),
    path("customers/", customers.CustomersView.as_view()),
    path("customers/<uuid:customer_id>/", customers.CustomerView.as_view()),
    path("customers/<uuid:customer_id>/conversations/", customers.ConversationsOfCustomerView.as_view()),
    path("inboxes/", inboxes.InboxesView.as_view()),
    path("inboxes/<int:inbox_id>/", inboxes.InboxView.as_view()),
    path("promises/", promises.PromisesView.as_view()),
    path("reach/", reach.ReachView.as_view()),
    path("customer/session/", customer.CustomerSessionView.as_view()),
    path("customer/conversation/", include(of_customers_own)),
    path("customer/conversations/<uuid:conversation_id>/timeline/", following.CustomerTimelineView.as_view()),
    path("customer/news/", following.CustomerNewsView.as_view()),
    path("news/", following.DeskNewsView.as_view()),
]
