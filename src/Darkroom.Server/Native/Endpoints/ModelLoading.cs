using System.Globalization;
using Darkroom.Engine.Devices;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Native.Endpoints;

/// <summary>
/// <c>POST /v1/models/{id}/load</c> and <c>/unload</c>: what is in this process's memory, on an operator's word. Requests need neither: they bring in what they
/// need, and what was not used for longest leaves for it.
/// </summary>
internal static class ModelLoading
{
    private const string Device = "device", AboutId = "The model's id, as GET /v1/models lists it.";

    private const int MaxDevice = 255;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/models/{id}/load", LoadAsync).WithTags("Operation").WithName("loadModel")
            .WithSummary("Brings a model into the memory of this process's devices.")
            .WithDescription("Answers when it is there. What was not used for longest leaves for it.")
            .TakesId(AboutId, Values.Text(512))
            .TakesQuery(Device, "Only this device, by its index from GET /v1/devices; all where absent.", Values.Whole(0, MaxDevice))
            .TakesHeader(Prefer.Header, "respond-async: 202 at once; the model's state says how it goes on.", Values.Text(Prefer.MaxLength))
            .Answers<ModelEntry>(about: "The model is in memory.").Answers<ModelEntry>(202, about: "It is being loaded: its state says how it goes on.")
            .Sends(202, "Location", Prefer.AppliedHeader)
            .Fails(ProblemType.ShuttingDown, ProblemType.ModelNotFound, ProblemType.ModelFailed,
                ProblemType.NoRoomForModel, ProblemType.NoModelsHere, ProblemType.InvalidRequest);
        routes.MapPost("/v1/models/{id}/unload", UnloadAsync).WithTags("Operation").WithName("unloadModel")
            .WithSummary("Has a model leave the memory of this process's devices.")
            .WithDescription("Jobs that run keep what they work with: it leaves with the last of them, and the answer is 202 then. The next request for the "
                + "model loads it again.")
            .TakesId(AboutId, Values.Text(512))
            .Answers<ModelEntry>(about: "The model has left.")
            .Answers<ModelEntry>(202, about: "It leaves with the last job that works with it.")
            .Fails(ProblemType.ModelNotFound, ProblemType.NoModelsHere);
    }

    private static async Task LoadAsync(HttpContext context, string id, IModelDirectory models, [FromServices] ModelResidency? residency)
    {
        var (device, problem) = Check(context, id, models, residency);
        if (problem is null && models.Find(id) is { Fault: { } fault }) problem = Failed($"Model '{id}' cannot be used: {fault}");
        if (problem is not null)
        {
            await ProblemResponse.WriteAsync(context, problem);
            return;
        }
        if (Prefer.Of(context.Request.Headers) is { RespondAsync: true } prefer)
        {
            // A load that fails is the model's state, and in the log.
            _ = Task.Run(() => residency!.LoadAsync(id, device, CancellationToken.None), CancellationToken.None);
            context.Response.Headers.Location = "/v1/models/" + Uri.EscapeDataString(id);
            if (prefer.Applied(accepted: true) is { } applied) context.Response.Headers[Prefer.AppliedHeader] = applied;
            await AnswerAsync(context, id, models, residency!, StatusCodes.Status202Accepted);
            return;
        }
        LoadRefusal? refusal;
        try
        {
            refusal = await residency!.LoadAsync(id, device, context.RequestAborted);
        }
        catch (ObjectDisposedException)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.Of(Failures.ShuttingDown));
            return;
        }
        if (refusal is not null) await ProblemResponse.WriteAsync(context, ProblemOf(id, refusal));
        else await AnswerAsync(context, id, models, residency, StatusCodes.Status200OK);
    }

    private static Task UnloadAsync(HttpContext context, string id, IModelDirectory models, [FromServices] ModelResidency? residency)
    {
        var (_, problem) = Check(context, id, models, residency);
        if (problem is not null) return ProblemResponse.WriteAsync(context, problem);
        bool isUsed = residency!.Unload(id);
        return AnswerAsync(context, id, models, residency, isUsed ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static (int? Device, Problem? Problem) Check(HttpContext context, string id, IModelDirectory models, ModelResidency? residency)
    {
        if (models.Find(id) is null)
            return (null, new(ProblemType.ModelNotFound, $"There is no such model.{Suggestion.Sentence(id, models.All.Select(known => known.Id))}"));
        if (residency is null)
            return (null, new(ProblemType.NoModelsHere, "This process takes requests and makes no pictures. Workers load models when jobs need them."));
        if (!context.Request.Query.TryGetValue(Device, out var given)) return (null, null);
        var text = given.ToString();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var device) && device < residency.Devices) return (device, null);
        var faults = new FaultList
        {
            new Fault(Device, $"{Device} must be the index of one of this process's devices.", GivenValue.Shorten(text), $"0…{residency.Devices - 1}"),
        };
        return (null, FailureTable.Of(Refusal.Of(faults)));
    }

    private static Problem ProblemOf(string id, LoadRefusal refusal)
    {
        if (!refusal.IsMemory) return Failed($"Model '{id}' could not be loaded: {refusal.Reason}");
        var others = string.Join(", ", refusal.Others.Select(other => string.Create(CultureInfo.InvariantCulture, $"'{other.Id}' ({other.Bytes >> 20} MiB)")));
        var remedy = others.Length == 0 ? "Nothing else is in its memory that could leave." : $"In its memory beside it: {others}. Unload what is not needed.";
        return new(ProblemType.NoRoomForModel, $"Model '{id}' does not fit on device {refusal.Device}: {refusal.Reason}. {remedy}");
    }

    private static Problem Failed(string detail) => FailureTable.Of(new Failure(FailureKind.ModelFailed, detail));

    private static Task AnswerAsync(HttpContext context, string id, IModelDirectory models, ModelResidency residency, int status) => JsonResponse.WriteAsync(
        context, ModelEntry.Of(models.Find(id)!, models.StatusOf(id) with { ResidentBytes = residency.BytesOf(id) }), WireJson.Wire.ModelEntry, status);
}
