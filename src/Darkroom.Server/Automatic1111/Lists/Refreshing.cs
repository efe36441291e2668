using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Operation;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>
/// <c>POST /sdapi/v1/refresh-…</c>: looks through the models path at once, as the server does every two seconds by itself. The folders of LoRAs, textual
/// inversions and autoencoders are looked through whenever somebody asks for them.
/// </summary>
internal static class Refreshing
{
    private static readonly string[] Names = ["refresh-checkpoints", "refresh-vae", "refresh-loras", "refresh-embeddings"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in Names) routes.MapPost("/sdapi/v1/" + name, (Delegate)LookAsync);
    }

    private static Task LookAsync(HttpContext context)
    {
        context.RequestServices.GetService<ModelLook>()?.Look(); // a process without models learns of them from those that have some
        return JsonAnswer.WriteAsync(context, null);
    }
}
