using System.Net;
using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary><c>POST /sdapi/v1/extra-single-image</c> and <c>extra-batch-images</c>: larger pictures.</summary>
internal static class ExtrasEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sdapi/v1/extra-single-image", (HttpContext context, ExtrasRun run) => AnswerAsync(context, run, isBatch: false));
        routes.MapPost("/sdapi/v1/extra-batch-images", (HttpContext context, ExtrasRun run) => AnswerAsync(context, run, isBatch: true));
    }

    private static async Task AnswerAsync(HttpContext context, ExtrasRun run, bool isBatch)
    {
        var services = context.RequestServices;
        using var room = services.GetRequiredService<InputMemory>().Reserve(CallerAddress.Of(context));
        var (bytes, unread) = await BodyBytes.ReadAsync(context, BodyBytes.MaxWithPictures, room);
        var (body, problem) = bytes is { } read ? LiftedBody.Parse(read) : (null, unread);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        using (body)
        {
            var options = services.GetRequiredService<OptionStore>().Of(Caller.Of(context).Id);
            var faults = new FaultList();
            var values = new SentValues(body.Json, faults);
            var plan = ExtrasPlan.Of(values, isBatch ? ExtrasPictures.List : ExtrasPictures.Single, services.GetRequiredService<IUpscalerDirectory>());
            var pictures = isBatch ? ExtrasPictures.OfList(body, values) : ExtrasPictures.OfSingle(body, values);
            foreach (var picture in pictures)
                if (plan.NoRoom(picture.File.Width, picture.File.Height) is { } reason) faults.Add(new Fault(picture.Field, $"{picture.Field} {reason}."));
            var orders = faults.Count > 0 ? [] : pictures.Select(picture => run.Orders(picture, plan, options, faults)).ToArray();
            if (faults.Count > 0)
            {
                await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
                return;
            }
            var files = new List<byte[]>();
            for (var i = 0; i < pictures.Count; i++)
            {
                var (file, failed) = await run.MakeAsync(pictures[i], plan, orders[i], options, context);
                if (file is null)
                {
                    if (failed is null) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                    else await ProblemResponse.WriteAsync(context, failed);
                    return;
                }
                files.Add(file);
            }
            await WriteAsync(context, files, plan, isBatch);
        }
    }

    private static async Task WriteAsync(HttpContext context, List<byte[]> files, ExtrasPlan plan, bool isBatch)
    {
        var info = string.Join(", ", plan.Fields().Select(field => $"{field.Key}: {field.Value}"));
        var html = info.Length == 0 ? "" : $"<p>{WebUtility.HtmlEncode(info)}</p>";
        var length = files.Sum(static file => (file.Length + 2L) / 3 * 4) + (4 * files.Count) + (6 * html.Length) + 100;
        using var text = new MemoryStream((int)Math.Min(length, int.MaxValue));
        await using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            if (isBatch)
            {
                json.WriteStartArray("images");
                foreach (var file in files) json.WriteBase64StringValue(file);
                json.WriteEndArray();
            }
            else json.WriteBase64String("image", files[0]);
            json.WriteString("html_info", html);
            json.WriteEndObject();
        }
        JsonResponse.Begin(context, text.Length, StatusCodes.Status200OK);
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), context.RequestAborted);
    }
}
