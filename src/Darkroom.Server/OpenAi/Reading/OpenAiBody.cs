using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Reading;

/// <summary>A body in the forms that OpenAI's clients send it, brought to one: fields under one object, one picture and one mask beside it.</summary>
/// <param name="Body">To be disposed of by the caller.</param>
/// <param name="Images">Pictures that were sent, of which the first is in the body.</param>
/// <param name="Faults">What is wrong with how it is written.</param>
/// <param name="ImageName">How the caller calls pictures: <c>image</c>, or <c>images</c> in JSON.</param>
internal sealed record OpenAiBody(RequestBody Body, int Images, FaultList Faults, string ImageName) : IDisposable
{
    private const string ExtraBody = "extra_body", ImagesName = "images";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The body, or why there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="task">Whose address it is.</param>
    /// <param name="room">Holds what the body takes.</param>
    public static async ValueTask<(OpenAiBody? Body, Problem? Problem)> ReadAsync(HttpContext context, OpenAiTask task, InputReservation room)
    {
        var (lifted, isJson) = (new LiftedTexts(), false);
        var largest = task.TakesPictures ? BodyBytes.MaxWithPictures : BodyBytes.MaxText;
        var (read, problem) = await RequestReader.ReadAsync(context, task.Reader, largest, room, NameOf, (bytes, fields) =>
        {
            isJson = true;
            return RequestReader.ReadJson(lifted.Take(bytes), fields);
        });
        return read is null ? (null, problem) : (Of(read, task, lifted, isJson), null);
    }

    public void Dispose() => Body.Dispose();

    /// <summary>Several pictures come as <c>image[]</c>, and the members of an object as <c>extra_body[seed]</c>.</summary>
    private static string NameOf(string part)
    {
        if (part.StartsWith(OpenAiFields.Image.Name + "[", StringComparison.Ordinal)) return OpenAiFields.Image.Name;
        return part.StartsWith(ExtraBody + "[", StringComparison.Ordinal) && part.EndsWith(']') ? part[(ExtraBody.Length + 1)..^1] : part;
    }

    private static OpenAiBody Of(RequestBody read, OpenAiTask task, LiftedTexts lifted, bool isJson)
    {
        var faults = new FaultList();
        var images = new SentImages(lifted, faults);
        List<SentFile> files = [.. read.Files];
        string name = OpenAiFields.Image.Name;
        if (read.Json.ValueKind != JsonValueKind.Object) return new(read, files.Count, faults, name);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Writing))
        {
            writer.WriteStartObject();
            foreach (var property in Flat(read.Json))
            {
                string member = JsonText.NameOf(property);
                if (isJson && member == ImagesName && task == OpenAiTask.Edit)
                {
                    name = ImagesName;
                    files.AddRange(images.Read(property.Value));
                }
                else if (isJson && member == OpenAiFields.Mask.Name && property.Value.ValueKind == JsonValueKind.Object)
                {
                    if (images.One(member, member, property.Value) is { } mask) files.Add(mask);
                }
                else
                {
                    writer.WritePropertyName(member);
                    writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
                }
            }
            writer.WriteEndObject();
        }
        // The first is the canvas. What becomes of the others is decided where all of the request is known.
        var sent = files.Where(file => file.Name == OpenAiFields.Image.Name).ToList();
        var kept = files.Where(file => file.Name != OpenAiFields.Image.Name || ReferenceEquals(file, sent[0])).ToList();
        read.Dispose();
        return new(new RequestBody(JsonDocument.Parse(json.WrittenMemory), kept), sent.Count, faults, name);
    }

    /// <summary>The members of the body, those of <c>extra_body</c> among them, which some clients send as it is named.</summary>
    private static IEnumerable<JsonProperty> Flat(JsonElement body) => body.EnumerateObject().SelectMany(property =>
        property.NameEquals(ExtraBody) && property.Value.ValueKind == JsonValueKind.Object ? property.Value.EnumerateObject().AsEnumerable() : [property]);
}
