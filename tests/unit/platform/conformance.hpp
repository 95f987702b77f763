// What every platform must do (adapters/platform.hpp). Instantiate with a harness:
//   struct Harness {
//     boost::asio::io_context& io();
//     adapters::Platform& platform();
//     model::Target target();                // where messages may go
//     model::Target unknown();               // where nothing can be sent
//     std::vector<std::string> visible();       // the texts that stand in target(), in order
//     void quiet();                             // optional: lets the quiet time of capabilities() pass
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Name, PlatformConformance, testing::Types<Harness>);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "digest/doc/builder.hpp"

namespace broadsheet::adapters {

inline Part invented_card(int number) {
  auto id = *PaperId::parse("2601.0000" + std::to_string(number));
  auto title = "Invented finding " + std::to_string(number);
  doc::CardBlock card{id,
                      {doc::Heading{2, {doc::link_to_paper({id, 1}, title)}},
                       doc::Paragraph{{doc::plain("It holds for every case that was tried.")}},
                       doc::Buttons{{{doc::Action::details, "Details", id, ""}}}}};
  return {model::PartKind::card, doc::Document{{card}}, id};
}

inline std::vector<Part> invented_digest(int cards) {
  std::vector<Part> out;
  out.push_back({model::PartKind::summary,
                 doc::Document{{doc::Heading{1, {doc::plain("Robotics, Tuesday 13 January")}},
                                doc::Paragraph{{doc::plain("A quiet day with a few good papers.")}}}},
                 {}});
  for (int i = 1; i <= cards; ++i) out.push_back(invented_card(i));
  return out;
}

template <class Harness>
class PlatformConformance : public testing::Test {
 protected:
  Harness harness;

  Platform& platform() { return harness.platform(); }
  template <class T>
  T run(awaitable<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(harness.io(), std::move(task), [&out](const std::exception_ptr& thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      out = std::move(value);
    });
    harness.io().restart();
    while (!out && harness.io().run_one() > 0) {
    }
    if (!out) throw std::logic_error("the operation never ended");
    return std::move(*out);
  }
  // Gives the operation `steps` turns of the loop, then asks it to stop; true if it had ended by itself.
  template <class T>
  bool run_cancelled(awaitable<T> task, int steps) {
    bool ended = false, whole = false;
    boost::asio::cancellation_signal stop;
    boost::asio::co_spawn(
        harness.io(), std::move(task),
        boost::asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& thrown, const T& /*value*/) {
          ended = true;
          whole = !thrown;
        }));
    harness.io().restart();
    for (int i = 0; i < steps && !ended; ++i) harness.io().run_one();
    if (ended) return whole;
    // On the loop: from outside, the signal would be passed on later, to an operation that may have ended by then.
    bool told = false;
    boost::asio::post(harness.io(), [&] {
      told = true;
      if (!ended) stop.emit(boost::asio::cancellation_type::terminal);
    });
    while (!(ended && told) && harness.io().run_one() > 0) {
    }
    EXPECT_TRUE(ended) << "a cancelled operation never ended";
    return whole;
  }

  static model::DeliveryKey key(int number) {
    auto digits = std::to_string(number);
    return model::DeliveryKey(std::string(32 - digits.size(), 'a') + digits);
  }
  SendRequest request(model::OutgoingMessage message, int key_number, model::RemoteId thread = {}) {
    return {harness.target(), key(key_number), std::move(message), std::move(thread)};
  }
  model::OutgoingMessage one(int number) { return platform().render({invented_card(number)}, {}).at(0); }
  model::RemoteId sent(SendRequest request) {
    auto outcome = run(platform().send(std::move(request)));
    auto* done = std::get_if<Sent>(&outcome);
    EXPECT_NE(done, nullptr);
    return done == nullptr ? model::RemoteId() : done->remote_id;
  }
  FindOutcome find(SendRequest request, model::RemoteId last_known = {}) {
    FindRequest out{request.target, request.key, request.message, request.thread, {}, last_known, {}};
    if (!last_known.empty()) out.known_ids.push_back(last_known);
    return run(platform().find_sent(std::move(out)));
  }
  std::size_t standing(const std::string& words) {
    auto texts = harness.visible();
    return static_cast<std::size_t>(std::count_if(
        texts.begin(), texts.end(), [&words](const std::string& t) { return t.find(words) != std::string::npos; }));
  }
};
TYPED_TEST_SUITE_P(PlatformConformance);

TYPED_TEST_P(PlatformConformance, RendersTheSamePartsToTheSameBytes) {
  auto parts = invented_digest(3);
  EXPECT_EQ(this->platform().render(parts, {}), this->platform().render(parts, {}));
}

TYPED_TEST_P(PlatformConformance, RendersNothingEmptyAndKeepsTheOrder) {
  for (bool combine : {true, false})
    for (int cards : {0, 1, 7}) {
      RenderOptions options;
      options.combine = combine;
      auto messages = this->platform().render(invented_digest(cards), options);
      ASSERT_FALSE(messages.empty());
      EXPECT_EQ(messages[0].kind, model::PartKind::summary);
      EXPECT_FALSE(messages[0].in_thread);
      std::string all;
      for (const auto& message : messages) {
        EXPECT_FALSE(message.body.empty());
        EXPECT_FALSE(message.preview.empty());
        all += message.preview + "\n";
      }
      std::size_t at = 0;
      for (int i = 1; i <= cards; ++i) {
        auto found = all.find("Invented finding " + std::to_string(i), at);
        ASSERT_NE(found, std::string::npos) << "card " << i << " is missing or out of order";
        at = found;
      }
    }
  EXPECT_TRUE(this->platform().render({}, {}).empty());
  EXPECT_TRUE(this->platform().render({Part{}}, {}).empty());
}

TYPED_TEST_P(PlatformConformance, ShowsTheRequestThatItWouldSend) {
  auto request = this->request(this->one(1), 1);
  auto body = this->platform().request_body(request);
  EXPECT_FALSE(body.empty());
  EXPECT_EQ(body, this->platform().request_body(request));
}

TYPED_TEST_P(PlatformConformance, NamesAPaceForEveryTarget) {
  for (const auto& pace : this->platform().paces(this->harness.target(), false)) {
    EXPECT_FALSE(pace.name.empty());
    EXPECT_GT(pace.per_second, 0);
    EXPECT_GE(pace.burst, 1);
  }
}

TYPED_TEST_P(PlatformConformance, SendsInOrderAndFindsEachKeyAgain) {
  auto first = this->request(this->one(1), 1), second = this->request(this->one(2), 2);
  auto first_id = this->sent(first), second_id = this->sent(second);
  ASSERT_FALSE(first_id.empty());
  EXPECT_NE(first_id, second_id);
  auto texts = this->harness.visible();
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_NE(texts[0].find("Invented finding 1"), std::string::npos);
  EXPECT_NE(texts[1].find("Invented finding 2"), std::string::npos);
  if (!this->platform().capabilities().read_back) return;
  auto found = this->find(second, first_id);
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  EXPECT_EQ(std::get<Found>(found).remote_id, second_id);
  // A recovery changes nothing that people see.
  EXPECT_EQ(this->harness.visible(), texts);
}

TYPED_TEST_P(PlatformConformance, SaysAbsentOfAKeyThatWasNeverSent) {
  if (!this->platform().capabilities().read_back) GTEST_SKIP();
  auto known = this->sent(this->request(this->one(1), 1));
  EXPECT_TRUE(std::holds_alternative<Absent>(this->find(this->request(this->one(2), 2), known)));
}

TYPED_TEST_P(PlatformConformance, TakesTheSameEditTwice) {
  if (!this->platform().capabilities().edits) GTEST_SKIP();
  auto id = this->sent(this->request(this->one(1), 1));
  for (int i = 0; i < 2; ++i) {
    auto outcome = this->run(this->platform().edit(this->harness.target(), id, this->one(2)));
    ASSERT_TRUE(std::holds_alternative<Sent>(outcome)) << "edit " << i;
  }
  auto texts = this->harness.visible();
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_NE(texts[0].find("Invented finding 2"), std::string::npos);
}

TYPED_TEST_P(PlatformConformance, RefusesWhereNothingCanBeSent) {
  auto request = this->request(this->one(1), 1);
  request.target = this->harness.unknown();
  auto outcome = this->run(this->platform().send(request));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_FALSE(std::get<Refused>(outcome).why.empty());
}

// Stopped anywhere, a message that is looked for and sent again stands once.
TYPED_TEST_P(PlatformConformance, CanBeCancelledAtAnyStep) {
  if (!this->platform().capabilities().read_back) GTEST_SKIP();
  auto last = this->sent(this->request(this->one(9), 99));
  for (int steps = 0; steps < 8; ++steps) {
    auto request = this->request(this->one(steps + 1), steps + 1);
    this->run_cancelled(this->platform().send(request), steps);
    if constexpr (requires { this->harness.quiet(); }) this->harness.quiet();
    auto found = this->find(request, last);
    if (std::holds_alternative<CannotTell>(found)) continue;
    last = std::holds_alternative<Found>(found) ? std::get<Found>(found).remote_id : this->sent(request);
    EXPECT_EQ(this->standing("Invented finding " + std::to_string(steps + 1)), 1U) << "cancelled after " << steps;
  }
}

REGISTER_TYPED_TEST_SUITE_P(PlatformConformance, RendersTheSamePartsToTheSameBytes, RendersNothingEmptyAndKeepsTheOrder,
                            ShowsTheRequestThatItWouldSend, NamesAPaceForEveryTarget, SendsInOrderAndFindsEachKeyAgain,
                            SaysAbsentOfAKeyThatWasNeverSent, TakesTheSameEditTwice, RefusesWhereNothingCanBeSent,
                            CanBeCancelledAtAnyStep);

}  // namespace broadsheet::adapters
