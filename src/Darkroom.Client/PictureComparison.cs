using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>How a picture that was made again differs from the one that was sent.</summary>
/// <param name="Same">Whether every value of every pixel is the same.</param>
/// <param name="EqualValues">The share of the values that are the same: 0…1, and 0 where the sizes differ.</param>
/// <param name="MaxDifference">The largest difference of a value: 0…255; null where the sizes differ.</param>
/// <param name="ModelHashMatches">Whether the model has the content that the picture was made with; null: its file does not say.</param>
public sealed record PictureComparison(
    bool Same, double EqualValues, [property: JsonPropertyName("largest_difference")] int? MaxDifference, bool? ModelHashMatches);
