// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/codec.h"

#include "engine/protocol/message_fields.h"
#include "engine/protocol/request_checks.h"

#include <utility>

namespace strata::protocol {
namespace {

constexpr const char* kRequestField = "request";
constexpr const char* kEventField = "event";

template <typename Message>
std::string encodeAs(const char* field, Message message) {
    return std::visit(
        [field]<typename M>(M& chosen) {
            FieldWriter writer;
            std::string name = kName<M>;
            writer.need(field, name);
            describe(writer, chosen);
            return writer.take().dump(-1, ' ', false, Json::error_handler_t::replace);
        },
        message);
}

template <typename Message, std::size_t... I>
bool emplaceByName(const std::string& name, Message& message, std::index_sequence<I...>) {
    return ((name == kName<std::variant_alternative_t<I, Message>> &&
             (message.template emplace<I>(), true)) ||
            ...);
}

Error notUnderstood(const std::string& why) {
    return {ErrorCode::BadFormat, "This message is not understood: " + why};
}

Result<Json> parseObject(std::string_view line) {
    if (line.size() >= kMaxLineBytes)
        return notUnderstood("it is longer than a message may be.");
    Json json = Json::parse(line, nullptr, false);
    if (!json.is_object())
        return notUnderstood("it is not a JSON object.");
    return json;
}

template <typename Message>
Result<Message> decodeAs(const char* field, const Json& json) {
    FieldReader reader(json);
    std::string name;
    reader.need(field, name);
    Message message;
    if (!reader.problem().empty())
        return notUnderstood(reader.problem());
    constexpr auto all = std::make_index_sequence<std::variant_size_v<Message>>();
    if (!emplaceByName(name, message, all))
        return notUnderstood("there is no " + std::string(field) + " '" + name.substr(0, 40) +
                             "'.");
    std::visit([&reader](auto& chosen) { describe(reader, chosen); }, message);
    if (!reader.problem().empty())
        return notUnderstood(reader.problem());
    return message;
}

/// 0 when there is none that is allowed.
JobId idOf(const Json& json) {
    const auto found = json.find("id");
    if (found == json.end() || !found->is_number_unsigned())
        return 0;
    const auto id = found->get<JobId>();
    return id <= kMaxId ? id : 0;
}

} // namespace

std::string encode(const Request& request) { return encodeAs(kRequestField, request); }
std::string encode(const Event& event) { return encodeAs(kEventField, event); }

Result<Request> decodeRequest(std::string_view line, JobId* id) {
    if (id)
        *id = 0;
    STRATA_ASSIGN(const Json json, parseObject(line));
    const JobId known = idOf(json);
    if (id)
        *id = known;
    STRATA_ASSIGN(Request request, decodeAs<Request>(kRequestField, json));
    if (known == 0 && !std::holds_alternative<Shutdown>(request))
        return notUnderstood("'id' must be a whole number from 1 to 2^53 - 1.");
    STRATA_TRY(check(request));
    return request;
}

Result<Event> decodeEvent(std::string_view line) {
    STRATA_ASSIGN(const Json json, parseObject(line));
    return decodeAs<Event>(kEventField, json);
}

const char* codeName(ErrorCode code) { return kCodeNames.of(code); }

} // namespace strata::protocol
