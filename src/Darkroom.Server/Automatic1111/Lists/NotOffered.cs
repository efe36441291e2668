using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>Addresses of AUTOMATIC1111's API that Darkroom has nothing behind: 501, and why.</summary>
internal static class NotOffered
{
    private const string Training = "Darkroom trains nothing. Put what was trained elsewhere under its models path.";
    private const string Process = "A client does not stop this server: its supervisor does, or a signal.";

    private static readonly (string Name, string Reason)[] Addresses =
    [
        ("interrogate", "Darkroom has no model that describes pictures. What a picture's file says of its prompt: POST /sdapi/v1/png-info."),
        ("create/embedding", Training), ("create/hypernetwork", Training), ("train/embedding", Training), ("train/hypernetwork", Training),
        ("server-kill", Process), ("server-restart", Process), ("server-stop", Process),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, reason) in Addresses)
            routes.MapPost("/sdapi/v1/" + name, (HttpContext context) => ProblemResponse.WriteAsync(context, new(ProblemType.NotOffered, reason)));
    }
}
