using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Client.Contracts;

namespace Darkroom.Client.Wire;

/// <summary>A request as it is sent: JSON, or a form where it has pictures, which then go as they are and piece by piece.</summary>
internal sealed class RequestBody
{
    private readonly JsonObject fields;
    private readonly (string Field, PictureSource Picture)[] pictures;

    private RequestBody(JsonObject fields, (string Field, PictureSource Picture)[] pictures) => (this.fields, this.pictures) = (fields, pictures);

    /// <summary>Whether it can be sent a second time.</summary>
    public bool Repeats => pictures.All(one => one.Picture.CanRepeat);

    /// <summary>Whether all of it was given to the connection.</summary>
    public bool IsSent { get; private set; }

    public static async ValueTask<RequestBody> OfAsync(DarkroomRequest request, CancellationToken cancellation)
    {
        var fields = (JsonObject)JsonSerializer.SerializeToNode(request, RequestJson.TypeOf(request.GetType()))!;
        if (request is GenerationRequest { Controls: { } controls })
            for (int i = 0; i < controls.Count; i++)
                if (controls[i].Image is { } shown)
                    fields["controls"]![i]!["image"] = Convert.ToBase64String(await shown.ReadAsync(cancellation).ConfigureAwait(false));
        return new(fields, [.. request.Pictures]);
    }

    /// <summary>A picture alone, as a form.</summary>
    public static RequestBody Of(PictureSource picture) => new([], [("image", picture)]);

    /// <summary>What is sent, new for each try.</summary>
    public HttpContent Content() => new Watched(pictures.Length == 0 ? Json() : Form(), this);

    private ByteArrayContent Json() => new(Encoding.UTF8.GetBytes(fields.ToJsonString())) { Headers = { ContentType = new("application/json") } };

    private MultipartFormDataContent Form()
    {
        var form = new MultipartFormDataContent();
        // Texts as they are, all else as JSON has it.
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null"), name);
        foreach (var (name, picture) in pictures) form.Add(new PictureContent(picture), name, picture.Name);
        return form;
    }

    /// <summary>A picture, read as it is sent.</summary>
    private sealed class PictureContent : HttpContent
    {
        private readonly PictureSource picture;

        public PictureContent(PictureSource picture)
        {
            this.picture = picture;
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => picture.CopyToAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            picture.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            var known = picture.LengthNow();
            length = known ?? 0;
            return known is not null;
        }
    }

    /// <summary>Content that tells when it was sent.</summary>
    private sealed class Watched : HttpContent
    {
        private readonly HttpContent content;
        private readonly RequestBody body;

        public Watched(HttpContent content, RequestBody body)
        {
            (this.content, this.body) = (content, body);
            Headers.ContentType = content.Headers.ContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await content.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            body.IsSent = true;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Headers.ContentLength ?? 0;
            return content.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) content.Dispose();
            base.Dispose(disposing);
        }
    }
}
