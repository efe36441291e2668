using System.Text.Json.Nodes;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>A call of txt2img or img2img as it was understood; it is not known to be right yet.</summary>
internal sealed record SentCall
{
    /// <summary>One for each picture that the call begins with; one where there is none.</summary>
    public required IReadOnlyList<GenerationOrder> Orders { get; init; }

    public required CallPlan Plan { get; init; }

    public required CallSeeds Seeds { get; init; }

    /// <summary>The caller's name for it, or one that nobody else has.</summary>
    public required string Id { get; init; }

    /// <summary>Options that stay in force afterwards; null: those of before.</summary>
    public A1111Options? Kept { get; init; }

    /// <summary>Whether the answer has the pictures.</summary>
    public bool SendsImages { get; init; } = true;

    /// <summary>What was left out, as sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Styles { get; init; }

    /// <summary>Every field of the request, as the answer repeats it.</summary>
    public required JsonObject Echo { get; init; }
}
