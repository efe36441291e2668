using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Server.Http;

/// <summary>
/// A picture's file within JSON, in base64. What is serialized is an empty text, and where it stands: the file goes there from its store, piece by piece, so
/// that an answer of many megabytes is never in memory.
/// </summary>
[JsonConverter(typeof(PictureDataPlace))]
public sealed class PictureData(OpenArtifact picture) : IAsyncDisposable
{
    internal OpenArtifact Picture => picture;

    /// <summary>Where its text goes within the answer's bytes, once that was serialized.</summary>
    internal int At { get; private set; }

    public ValueTask DisposeAsync() => picture.DisposeAsync();

    /// <summary>Writes the empty text.</summary>
    internal void WritePlace(Utf8JsonWriter writer)
    {
        writer.WriteStringValue(""u8);
        At = (int)(writer.BytesCommitted + writer.BytesPending) - 1; // before the second quote: what comes before the first differs from place to place
    }
}

/// <summary>Leaves the place of a picture's file.</summary>
internal sealed class PictureDataPlace : JsonConverter<PictureData>
{
    public override PictureData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, PictureData value, JsonSerializerOptions options) => value.WritePlace(writer);
}
