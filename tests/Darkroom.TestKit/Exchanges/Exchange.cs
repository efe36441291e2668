using System.Text.Json;

namespace Darkroom.TestKit.Exchanges;

/// <summary>A request and its answer as they went over the wire.</summary>
/// <param name="Test">The server's process, to tell servers apart.</param>
/// <param name="Path">With its query, as it was sent.</param>
public sealed record Exchange(
    int Test, string Method, string Path, Dictionary<string, string> Asked, byte[] Body, int Status, Dictionary<string, string> Told, byte[] Answer)
{
    private static readonly Lock Writing = new();

    public string? MediaType => Told.GetValueOrDefault("Content-Type")?.Split(';')[0];

    public string? BodyType => Asked.GetValueOrDefault("Content-Type")?.Split(';')[0];

    /// <summary>Adds it to a file, a line each.</summary>
    public void AppendTo(string file)
    {
        string line = JsonSerializer.Serialize(this) + "\n";
        lock (Writing) File.AppendAllText(file, line);
    }

    public static IEnumerable<Exchange> ReadAll(string file) => File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Exchange>(line)!);
}
