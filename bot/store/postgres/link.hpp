// One connection to a PostgreSQL server. Every wait has an end: a statement that the server does not answer in time is
// given up together with its connection. Nothing of it lives in the server's session, so that a transaction pooler may
// stand between (design: postgres 2). Used by one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "bot/base/result.hpp"
#include "bot/store/postgres/value.hpp"
#include "bot/store/row.hpp"

struct pg_conn;
struct pg_result;

namespace broadsheet::store::postgres {

// A row of an answer, which must outlive it.
class AnswerRow final : public Row {
 public:
  AnswerRow(const pg_result* answer, int row) : answer_(answer), row_(row) {}
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;  // 0 for what is no number
  std::string_view text(int column) const override;
  std::string bytes(int column) const;

 private:
  const pg_result* answer_;
  int row_;
};

class Answer {
 public:
  explicit Answer(pg_result* answer) : answer_(answer) {}
  Answer(Answer&& other) noexcept : answer_(std::exchange(other.answer_, nullptr)) {}
  Answer& operator=(Answer&& other) noexcept {
    std::swap(answer_, other.answer_);
    return *this;
  }
  ~Answer();
  int size() const;
  bool empty() const { return size() == 0; }
  AnswerRow operator[](int row) const { return {answer_, row}; }
  std::int64_t changed() const;  // rows that the statement wrote
  std::string_view command() const;

 private:
  pg_result* answer_;
};

// What a failure means for who may try again (design: postgres 11).
enum class Failure : std::uint8_t {
  none,
  conflict,  // with another transaction: the whole of it once more
  lost,      // the connection; whether the last statement was done is not known
  other,
};
Failure failure_of(std::string_view sqlstate);

class Link {
 public:
  // `url` is libpq's: postgresql://USER@HOST/DATABASE?sslmode=…; what it leaves open comes from PGPASSFILE, PGSERVICE
  // and the like. Errors never name it.
  static Result<std::unique_ptr<Link>> open(const std::string& url);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  // One statement with its parameters, $1 and so on.
  Result<Answer> run(const std::string& sql, const Values& values = {});
  // The first one of this transaction, or of the last statement outside of one.
  Failure failure() const { return failure_; }
  // As far as one can tell without asking the server.
  bool alive();
  Status begin();
  Status commit();
  void roll_back();
  int server_version() const;  // 150018

 private:
  explicit Link(pg_conn* connection) : connection_(connection) {}
  Result<Answer> answer();
  bool wait_for_answer();
  Error failed(const pg_result* result);
  Error lost(const std::string& why);
  pg_conn* connection_;
  Failure failure_ = Failure::none;
};

}  // namespace broadsheet::store::postgres
