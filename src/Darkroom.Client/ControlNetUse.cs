using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>A ControlNet with the picture that it is shown; no preprocessor runs.</summary>
/// <param name="Model">From <see cref="DarkroomClient.ListControlNetsAsync"/>.</param>
public sealed record ControlNetUse(string Model)
{
    /// <summary>What it is shown. Answers leave it out, and it is sent again beside their parameters. It is read to memory whole.</summary>
    [JsonIgnore]
    public PictureSource? Image { get; init; }

    /// <summary>0…2; null: 1.</summary>
    public double? Weight { get; init; }

    /// <summary>0…1: the share of the steps from which it is asked; null: 0.</summary>
    public double? Start { get; init; }

    /// <summary>0…1: the share of the steps up to which it is asked; null: 1.</summary>
    public double? End { get; init; }

    /// <summary>It leads without the prompt; null: it does not.</summary>
    public bool? Guess { get; init; }
}
