using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Imaging.Metadata;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Infotext;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary>
/// <c>POST /sdapi/v1/png-info</c>: what a picture's file says of how it was made; beside what is answered there, the request that makes it again.
/// </summary>
internal static class PngInfoEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sdapi/v1/png-info", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (bytes, unread) = await BodyBytes.ReadAsync(context, BodyBytes.MaxWithPictures, room);
        var (body, problem) = bytes is { } read ? LiftedBody.Parse(read) : (null, unread);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        using (body)
        {
            var faults = new FaultList();
            var pictures = ExtrasPictures.OfSingle(body, new SentValues(body.Json, faults));
            if (faults.Count > 0)
            {
                await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
                return;
            }
            var file = pictures[0].File;
            var record = PictureMetadata.Read(file.Bytes.Span);
            var items = new JsonObject();
            foreach (var (name, text) in record.Texts) items[name] = text;
            var answer = new JsonObject
            {
                ["info"] = record.Info,
                ["items"] = items,
                ["parameters"] = record.Info.Length == 0 ? new JsonObject() : A1111Parameters.Of(record.Parameters),
            };
            if (RemadeRequest.Of(record, file.Header.Format, RemadeParts.Of(context.RequestServices)) is { } request) answer["request"] = JsonOf(request);
            await JsonAnswer.WriteAsync(context, answer);
        }
    }

    private static JsonObject JsonOf(RemadeRequest request)
    {
        var unused = new JsonObject();
        foreach (var (key, value) in request.Unused) unused[key] = value;
        return new()
        {
            ["address"] = "/v1/" + Generation.WireNames.Of(request.Task),
            ["fields"] = request.Fields,
            ["missing"] = new JsonArray([.. request.Missing.Select(sentence => JsonValue.Create(sentence))]),
            ["unused"] = unused,
        };
    }
}
