using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Whether a picture that was made again is the one that was sent.</summary>
public sealed record VerifyAnswer
{
    /// <summary>Of the job that made it again.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>Whether every value of every pixel is the same.</summary>
    public required bool Same { get; init; }

    /// <summary>The share of the values that are the same: 0…1, and 0 where the sizes differ.</summary>
    [Range(0, 1)]
    public required double EqualValues { get; init; }

    /// <summary>The largest difference of a value: 0…255; absent where the sizes differ.</summary>
    [Range(0, 255), JsonPropertyName("largest_difference")]
    public int? MaxDifference { get; init; }

    /// <summary>Id of the model that made it again.</summary>
    public required string Model { get; init; }

    /// <summary>Whether the model has the content that the picture was made with; absent where the file does not say.</summary>
    public bool? ModelHashMatches { get; init; }

    /// <summary>The picture that was made again.</summary>
    public required ImageAnswer Image { get; init; }

    /// <summary>What may make another picture of it, and whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required TimingsAnswer Timings { get; init; }
}

/// <summary>How a picture that was made again differs from the one that was sent.</summary>
/// <param name="Same">Whether every value of every pixel is the same.</param>
/// <param name="EqualValues">The share of the values that are the same: 0…1, and 0 where the sizes differ.</param>
/// <param name="MaxDifference">The largest difference of a value: 0…255; absent where the sizes differ.</param>
/// <param name="ModelHashMatches">Whether the model has the content that the picture was made with; absent where the file does not say.</param>
public sealed record ComparisonAnswer(
    bool Same, [property: Range(0, 1)] double EqualValues, [property: Range(0, 255), JsonPropertyName("largest_difference")] int? MaxDifference,
    bool? ModelHashMatches);
