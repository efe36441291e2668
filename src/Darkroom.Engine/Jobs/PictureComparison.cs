using System.Text.Json.Serialization;

namespace Darkroom.Engine.Jobs;

/// <summary>How a picture that was made again differs from the one that was sent.</summary>
/// <param name="Values">Values of the picture that was sent: a pixel has one for each channel.</param>
/// <param name="EqualValues">Those that are the same in the picture that was made; none where the sizes differ.</param>
/// <param name="MaxDifference">Of a value, 0…255, or 0…65535 of 16 bits; null where the sizes differ.</param>
/// <param name="ModelHashMatches">Whether the model has the content that the picture was made with; null: its file does not say.</param>
public sealed record PictureComparison(long Values, long EqualValues, int? MaxDifference, bool? ModelHashMatches)
{
    /// <summary>Whether every value is the same.</summary>
    [JsonIgnore]
    public bool IsSame => EqualValues == Values;

    /// <summary>The share of the values that are the same: 0…1, rounded down, so that 1 is all of them.</summary>
    [JsonIgnore]
    public double EqualShare => IsSame ? 1 : Math.Floor(1e6 * EqualValues / Values) / 1e6;
}
