#include "bot/store/postgres/link.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <charconv>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::store::postgres {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongestStatement{30};

// The server's words for people, on one line.
std::string said(const char* message) {
  std::string out = message == nullptr ? "" : message;
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return text::make_valid_utf8(text::trim(out));
}

Error unreachable(const std::string& why) {
  return {ErrorKind::unavailable, "The database cannot be reached (" + why + "). Check storage.url and the server."};
}

ErrorKind kind_of(std::string_view state, Failure failure) {
  if (failure == Failure::lost) return ErrorKind::unavailable;
  if (failure == Failure::conflict || state == "55P03" || state == "57014") return ErrorKind::transient;
  if (state == "53100") return ErrorKind::no_space;
  if (state.starts_with("53")) return ErrorKind::unavailable;
  if (state == "42501") return ErrorKind::not_allowed;
  if (state == "XX001" || state == "XX002") return ErrorKind::corrupt;
  return ErrorKind::internal;
}

// What libpq says of an address that it cannot read repeats it, password and all.
Status readable(const std::string& url) {
  char* why = nullptr;
  auto* parsed = PQconninfoParse(url.c_str(), &why);
  PQfreemem(why);
  bool good = parsed != nullptr;
  PQconninfoFree(parsed);
  if (good) return {};
  return Error(ErrorKind::bad_input,
               "storage.url is no address of a PostgreSQL server. Write postgresql://USER@HOST/DATABASE, with what "
               "libpq takes after a question mark.");
}

}  // namespace

bool AnswerRow::is_null(int column) const {
  return PQgetisnull(answer_, row_, column) != 0;
}
std::int64_t AnswerRow::integer(int column) const {
  auto digits = text(column);
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}
std::string_view AnswerRow::text(int column) const {
  return {PQgetvalue(answer_, row_, column), static_cast<std::size_t>(PQgetlength(answer_, row_, column))};
}
std::string AnswerRow::bytes(int column) const {
  std::size_t size = 0;
  auto* raw = PQunescapeBytea(reinterpret_cast<const unsigned char*>(PQgetvalue(answer_, row_, column)), &size);
  if (raw == nullptr) return {};
  std::string out(reinterpret_cast<const char*>(raw), size);
  PQfreemem(raw);
  return out;
}

Answer::~Answer() {
  PQclear(answer_);
}
int Answer::size() const {
  return PQntuples(answer_);
}
std::int64_t Answer::changed() const {
  std::string_view digits = PQcmdTuples(answer_);
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}
std::string_view Answer::command() const {
  return PQcmdStatus(answer_);
}

// No code: libpq's own words, which are always about the connection.
Failure failure_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return Failure::conflict;
  if (state.empty() || state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03" ||
      state == "25006" || state == "25P03")
    return Failure::lost;
  return Failure::other;
}

// Later ones win: the URL has the last word. `target_session_attrs`: after a fail-over the old server takes no writes.
Result<std::unique_ptr<Link>> Link::open(const std::string& url) {
  if (auto good = readable(url); !good) return good.error();
  const std::array<std::pair<const char*, const char*>, 10> settings{{{"application_name", "broadsheet"},
                                                                      {"client_encoding", "UTF8"},
                                                                      {"connect_timeout", "5"},
                                                                      {"tcp_user_timeout", "15000"},
                                                                      {"keepalives_idle", "30"},
                                                                      {"keepalives_interval", "10"},
                                                                      {"keepalives_count", "3"},
                                                                      {"target_session_attrs", "read-write"},
                                                                      {"dbname", url.c_str()},
                                                                      {nullptr, nullptr}}};
  std::array<const char*, 10> keys{}, values{};
  for (std::size_t i = 0; i < settings.size(); ++i) std::tie(keys.at(i), values.at(i)) = settings.at(i);
  std::unique_ptr<Link> link(new Link(PQconnectdbParams(keys.data(), values.data(), 1)));
  if (link->connection_ == nullptr) return unreachable("no memory");
  if (PQstatus(link->connection_) != CONNECTION_OK) return unreachable(said(PQerrorMessage(link->connection_)));
  PQsetNoticeReceiver(
      link->connection_,
      [](void*, const PGresult* notice) { log::debug("store.notice", {{"said", said(PQresultErrorMessage(notice))}}); },
      nullptr);
  return link;
}

Link::~Link() {
  PQfinish(connection_);
}

int Link::server_version() const {
  return PQserverVersion(connection_);
}

Error Link::lost(const std::string& why) {
  failure_ = Failure::lost;
  return unreachable(why);
}

Error Link::failed(const pg_result* result) {
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  std::string_view state = code == nullptr ? "" : code;
  auto failure = failure_of(state);
  if (failure_ == Failure::none) failure_ = failure;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  auto why = said(message == nullptr ? PQerrorMessage(connection_) : message);
  if (failure == Failure::lost) return unreachable(why);
  return {kind_of(state, failure), "The database refused a statement: " + why + " (" + std::string(state) + ")."};
}

// False when it has not come in time, or the connection broke.
bool Link::wait_for_answer() {
  for (auto end = Steady::now() + kLongestStatement; PQisBusy(connection_) != 0;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Steady::now()).count();
    pollfd ready{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) < 0) return false;
    if (PQconsumeInput(connection_) == 0) return false;
  }
  return true;
}

// The first error of all results counts: a killed backend gives two, of which the second says nothing.
Result<Answer> Link::answer() {
  Answer out(nullptr);
  std::optional<Error> error;
  for (;;) {
    if (!wait_for_answer()) {
      auto why = PQstatus(connection_) == CONNECTION_OK ? std::string("it did not answer in time")
                                                        : said(PQerrorMessage(connection_));
      return error ? *error : lost(why);
    }
    auto* result = PQgetResult(connection_);
    if (result == nullptr) break;
    Answer next(result);
    auto status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !error) error = failed(result);
    out = std::move(next);
  }
  if (error) return *error;
  return out;
}

Result<Answer> Link::run(const std::string& sql, const Values& values) {
  if (failure_ == Failure::lost) return lost("the connection was lost");
  if (PQtransactionStatus(connection_) == PQTRANS_IDLE) failure_ = Failure::none;
  std::vector<const char*> bound;
  for (const auto& value : values) bound.push_back(value.text() ? value.text()->c_str() : nullptr);
  if (PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(bound.size()), nullptr, bound.data(), nullptr,
                        nullptr, 0) == 0)
    return lost(said(PQerrorMessage(connection_)));
  return answer();
}

Status Link::begin() {
  auto done = run("BEGIN");
  return done ? Status() : done.error();
}

bool Link::alive() {
  pollfd news{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
  if (::poll(&news, 1, 0) > 0 && PQconsumeInput(connection_) == 0) return false;
  return PQstatus(connection_) == CONNECTION_OK;
}

// A transaction in which a statement failed is rolled back by COMMIT, and says so.
Status Link::commit() {
  auto done = run("COMMIT");
  if (!done) return done.error();
  if (done->command() != "COMMIT")
    return Error(ErrorKind::internal, "A transaction was not committed: one of its statements had failed.");
  return {};
}

void Link::roll_back() {
  if (failure_ == Failure::lost || PQtransactionStatus(connection_) == PQTRANS_IDLE) return;
  if (auto done = run("ROLLBACK"); !done) failure_ = Failure::lost;
}

}  // namespace broadsheet::store::postgres
