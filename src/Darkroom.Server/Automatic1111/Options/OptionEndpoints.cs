using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Options;

/// <summary><c>GET</c> and <c>POST /sdapi/v1/options</c>: what is in force for the caller.</summary>
internal static class OptionEndpoints
{
    private const string Address = "/sdapi/v1/options";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Address, (Delegate)ShowAsync);
        routes.MapPost(Address, SetAsync);
    }

    /// <summary>What options of this server may name.</summary>
    public static OptionParts PartsOf(HttpContext context) => new(
        context.RequestServices.GetRequiredService<IModelDirectory>(), context.RequestServices.GetService<IAutoencoderDirectory>());

    private static Task ShowAsync(HttpContext context, OptionStore store) =>
        JsonAnswer.WriteAsync(context, OptionTable.Show(store.Of(Caller.Of(context).Id), PartsOf(context)));

    /// <summary>All of it or, where a value is wrong, nothing. Null as there; keys that change nothing are named in its place.</summary>
    private static async Task SetAsync(HttpContext context, OptionStore store, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (read, problem) = await BodyBytes.ReadAsync(context, BodyBytes.MaxText, room);
        if (read is not { } bytes)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        var (body, unread) = JsonBody.Parse(bytes, static _ => false);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, unread!);
            return;
        }
        using var document = body.Document;
        var (parts, caller) = (PartsOf(context), Caller.Of(context).Id);
        FaultList faults;
        OptionChange change;
        A1111Options before;
        do
        {
            (before, faults) = (store.Of(caller), new FaultList());
            change = OptionTable.Apply(before, document.RootElement, parts, faults);
        }
        while (faults.Count == 0 && !store.TryReplace(caller, before, change.Options));
        if (faults.Count > 0) await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
        else if (change.Ignored.Count == 0) await JsonAnswer.WriteAsync(context, null);
        else
        {
            var ignored = new JsonObject();
            foreach (var (key, reason) in change.Ignored) ignored[key] = reason;
            await JsonAnswer.WriteAsync(context, new JsonObject { ["ignored"] = ignored });
        }
    }
}
