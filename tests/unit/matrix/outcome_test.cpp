#include "adapters/matrix/outcome.hpp"

#include <gtest/gtest.h>

namespace broadsheet::matrix {
namespace {

using std::chrono::milliseconds;

TEST(Outcome, JudgesByErrcodeBeforeStatus) {
  EXPECT_EQ(classify(403, R"({"errcode":"M_USER_SUSPENDED"})", {.call = CallKind::send}), ErrorClass::account_paused);
  EXPECT_EQ(classify(403, R"({"errcode":"M_FORBIDDEN"})", {.call = CallKind::send}), ErrorClass::room_check);
  EXPECT_EQ(classify(400, R"({"errcode":"ORG.X.M_UNKNOWN_DEVICE"})", {}), ErrorClass::config_error);
  EXPECT_EQ(classify(413, "<html>", {.call = CallKind::send}), ErrorClass::split);
  EXPECT_EQ(classify(200, "<html>", {.call = CallKind::send}), ErrorClass::retry_same_request);
}

TEST(Outcome, RefreshesOnceBeforeGivingTheAccountUp) {
  const char* body = R"({"errcode":"M_UNKNOWN_TOKEN","soft_logout":false})";
  EXPECT_EQ(classify(401, body, {.have_refresh_token = true}), ErrorClass::refresh_then_same_request);
  EXPECT_EQ(classify(401, body, {.can_login = true}), ErrorClass::credentials_lost);
  EXPECT_EQ(classify(401, R"({"errcode":"M_UNKNOWN_TOKEN","soft_logout":true})", {.can_login = true}),
            ErrorClass::login_same_device);
  EXPECT_EQ(classify(502, "", {.call = CallKind::refresh}), ErrorClass::retry_same_request);
}

TEST(Outcome, WaitsAsToldAndNeverForAbsurdTimes) {
  EXPECT_EQ(wait_of({429, {{"Retry-After", "5"}}, R"({"retry_after_ms":4543})"}), milliseconds(5000));
  EXPECT_EQ(wait_of({429, {}, R"({"retry_after_ms":4035})"}), milliseconds(4035));
  EXPECT_EQ(wait_of({429, {{"Retry-After", "-1"}}, R"({"retry_after_ms":-5})"}), milliseconds(5000));
  EXPECT_EQ(wait_of({429, {{"Retry-After", "99999999999999999999"}}, ""}), std::chrono::hours(1));
  EXPECT_EQ(wait_of({429, {}, "<html>"}), milliseconds(5000));
  EXPECT_EQ(
      wait_of({429, {{"Date", "Fri, 20 Nov 2026 23:00:00 GMT"}, {"Retry-After", "Fri, 20 Nov 2026 23:00:07 GMT"}}, ""}),
      milliseconds(7000));
}

TEST(Outcome, TellsPeopleWhatTheServerSaidInOneLine) {
  EXPECT_EQ(explain(403, R"({"errcode":"M_FORBIDDEN","error":"no\nentry\u001b"})"), "HTTP 403 M_FORBIDDEN: no entry");
  EXPECT_EQ(explain(502, "<html>"), "HTTP 502");
}

}  // namespace
}  // namespace broadsheet::matrix
