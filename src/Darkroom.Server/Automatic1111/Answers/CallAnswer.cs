using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Http;

namespace Darkroom.Server.Automatic1111.Answers;

/// <summary>The answer of txt2img and img2img: <c>images</c>, <c>parameters</c>, <c>info</c>. Pictures go into it as they are read.</summary>
internal sealed class CallAnswer(IArtifactStore artifacts, IModelDirectory models)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(HttpContext context, SentCall call, GenerationRequest request, IReadOnlyList<Job> jobs)
    {
        var pictures = new List<PictureData>();
        try
        {
            if (call.SendsImages)
                foreach (var image in jobs.SelectMany(job => job.Result!.Images))
                    if (await artifacts.OpenAsync(image.ArtifactId, context.RequestAborted) is { } open) pictures.Add(new(open));
        }
        catch
        {
            foreach (var picture in pictures) await picture.DisposeAsync();
            throw;
        }
        await PicturesInJson.WriteAsync(context, () => Serialize(call, CallInfo.Of(call, request, jobs, models), pictures), pictures);
    }

    private static byte[] Serialize(SentCall call, string info, List<PictureData> pictures)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("images");
            foreach (var picture in pictures) picture.WritePlace(json);
            json.WriteEndArray();
            json.WritePropertyName("parameters");
            call.Echo.WriteTo(json);
            json.WriteString("info", info);
            json.WriteEndObject();
        }
        return text.WrittenSpan.ToArray();
    }
}
