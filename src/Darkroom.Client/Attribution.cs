namespace Darkroom.Client;

/// <summary>Where a word of the prompt was drawn in a picture.</summary>
/// <param name="Word">The word, or the phrase.</param>
/// <param name="Tokens">What the model's vocabulary makes of it.</param>
/// <param name="Share">Of all attention to the words of the prompt: 0…1.</param>
/// <param name="Url">
/// Address of its map over the picture, a PNG, as long as it is held: <see cref="DarkroomClient.GetImageAsync(string, CancellationToken)"/>.
/// </param>
public sealed record Attribution(string Word, IReadOnlyList<string> Tokens, double Share, string Url);
