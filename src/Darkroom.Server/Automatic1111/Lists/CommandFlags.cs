using System.Net;
using System.Text.Json.Nodes;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>AUTOMATIC1111's command-line flags that say what this server does. No paths and no secrets.</summary>
internal static class CommandFlags
{
    public static JsonNode Of(HttpContext context) => new JsonObject
    {
        ["api"] = true,
        ["nowebui"] = true,
        ["api_log"] = false,
        ["api_auth"] = null,
        ["api_server_stop"] = false,
        ["listen"] = context.Connection.LocalIpAddress is { } address && !IPAddress.IsLoopback(address),
        ["port"] = context.Connection.LocalPort,
        ["enable_insecure_extension_access"] = false,
        ["lowvram"] = false,
        ["medvram"] = false,
        ["no_half"] = false,
        ["xformers"] = false,
    };
}
