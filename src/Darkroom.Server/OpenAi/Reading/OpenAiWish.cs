namespace Darkroom.Server.OpenAi.Reading;

/// <summary>How a caller wants its answer.</summary>
/// <param name="AsUrl">Addresses of the pictures; else the pictures.</param>
/// <param name="Streams">Events; else one answer.</param>
/// <param name="Partials">Previews of each picture in the stream, 0…3.</param>
/// <param name="Quality">As it was asked.</param>
internal sealed record OpenAiWish(bool AsUrl, bool Streams, int Partials, string Quality);
