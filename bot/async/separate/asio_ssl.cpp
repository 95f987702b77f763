// Asio's TLS part, once for the whole program (design: architecture R21).
#include <boost/asio/ssl/impl/src.hpp>
