// A language model as its writer sees it: a question in two texts, an answer that should be one JSON object. How it is
// reached is the implementation's affair.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::model_writer {

struct Question {
  std::string task;                // "card", "summary", "translation": for metrics and logs
  std::string system, user;        // instructions; what they are to be applied to
  std::string schema;              // JSON Schema of the answer
  std::int64_t output_tokens = 0;  // most of the answer
  SteadyMoment deadline = SteadyMoment::max();
};

struct Answer {
  std::string content;  // as it came: not yet JSON, and never to be shown
  std::string model;    // who answered, in the endpoint's words
};

// Used on the I/O thread. Errors: as write::Writer's; their texts hold nothing that a model wrote.
class ChatModel {
 public:
  virtual ~ChatModel() = default;
  // The configured name of the model.
  virtual std::string name() const = 0;
  virtual boost::asio::awaitable<Result<Answer>> ask(Question question) = 0;
};

// About how many tokens a text is: a model's own count is known only to its endpoint.
std::int64_t estimated_tokens(std::string_view text);

}  // namespace broadsheet::model_writer
