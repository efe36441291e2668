using Darkroom.Engine.Artifacts;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Http;

/// <summary>A body as JSON or as a form.</summary>
internal static class RequestReader
{
    private const string Form = "multipart/form-data", Json = "application/json";

    /// <summary>The body, to be disposed of by the caller, or why there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fields">What a form's parts mean.</param>
    /// <param name="largest">Bytes.</param>
    /// <param name="room">Holds what the body takes.</param>
    /// <param name="nameOf">From the name of a form's part to its field's; null: they are the same.</param>
    /// <param name="readJson">Reads JSON that has pictures elsewhere than under a field of its object; null: it has none.</param>
    public static async ValueTask<(RequestBody? Body, Problem? Problem)> ReadAsync(
        HttpContext context, ObjectReader fields, int largest, InputReservation room, Func<string, string>? nameOf = null,
        Func<Memory<byte>, ObjectReader, (RequestBody? Body, Problem? Problem)>? readJson = null)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return Refuse($"The request has no Content-Type; send {Json} or {Form}.");
        var isForm = type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase);
        if (!isForm && !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return Refuse($"Send {Json} (with curl: -H 'content-type: {Json}') or {Form} (with curl: -F name=value).");
        if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return Refuse("Texts are sent in UTF-8.");
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return Refuse("Send the body without a Content-Encoding.");
        var (read, unread) = await BodyBytes.ReadAsync(context, largest, room);
        if (read is not { } bytes) return (null, unread);
        if (isForm) return MultipartForm.Parse(bytes, HeaderUtilities.RemoveQuotes(type.Boundary).Value, fields, nameOf);
        return readJson is null ? ReadJson(bytes, fields) : readJson(bytes, fields);
    }

    /// <summary>JSON whose pictures stand under fields of its object.</summary>
    public static (RequestBody? Body, Problem? Problem) ReadJson(Memory<byte> bytes, ObjectReader fields)
    {
        var (json, problem) = JsonBody.Parse(bytes, name => fields.Find(name) is PictureField);
        return (json is null ? null : new RequestBody(json.Document, [.. json.Pictures.Select(Sent)]), problem);
    }

    private static SentFile Sent(LongText picture) =>
        new(picture.Name, picture.Bytes, picture.IsEscaped ? SentForm.EscapedBase64 : SentForm.Base64);

    private static (RequestBody?, Problem?) Refuse(string detail) => (null, new(ProblemType.UnsupportedMediaType, detail));
}
