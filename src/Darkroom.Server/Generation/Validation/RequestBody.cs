using System.Text.Json;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A body as validation reads it: JSON (a form's texts too), and the files that a form brings beside it.</summary>
internal sealed class RequestBody(JsonDocument document, IReadOnlyList<SentFile> files) : IDisposable
{
    public JsonElement Json => document.RootElement;

    public IReadOnlyList<SentFile> Files => files;

    public void Dispose() => document.Dispose();
}
