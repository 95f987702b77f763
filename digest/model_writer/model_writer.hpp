// The writer that asks a model: numbered sentences go out, fields with evidence come back, and only what passes the
// checks is shown. A field that fails twice is the extract's. Metadata is never asked for.
#pragma once

#include <string>

#include "bot/base/metrics.hpp"
#include "digest/model_writer/chat_model.hpp"
#include "digest/write/writer.hpp"

namespace broadsheet::model_writer {

class ModelWriter final : public write::Writer {
 public:
  // Both outlive the writer.
  ModelWriter(ChatModel& model, Metrics& metrics) : model_(model), metrics_(metrics) {}

  std::string name() const override;
  boost::asio::awaitable<Result<Card>> card(Card extract, write::Terms terms) override;
  boost::asio::awaitable<Result<ExecutiveSummary>> summary(write::FinishedCards cards, write::Terms terms) override;

 private:
  ChatModel& model_;
  Metrics& metrics_;
};

}  // namespace broadsheet::model_writer
