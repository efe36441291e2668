using System.ComponentModel.DataAnnotations;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Which of several candidates a picture is most like to a model, and the job that found it.</summary>
public sealed record ClassifyAnswer : ClassificationAnswer
{
    /// <summary>Of the job.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required TimingsAnswer Timings { get; init; }

    /// <summary>What it took of the machine; absent where that is not known.</summary>
    public JobUsageAnswer? Usage { get; init; }
}

/// <summary>How likely a model finds a picture, and the job that found it.</summary>
public sealed record LikelihoodAnswer : LikelihoodEstimate
{
    /// <summary>Of the job.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required TimingsAnswer Timings { get; init; }

    /// <summary>What it took of the machine; absent where that is not known.</summary>
    public JobUsageAnswer? Usage { get; init; }
}

/// <summary>What layers of a model gave for a picture, and the job that read them.</summary>
public sealed record FeaturesAnswer : FeaturesFile
{
    /// <summary>Of the job.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went.</summary>
    public required TimingsAnswer Timings { get; init; }

    /// <summary>What it took of the machine; absent where that is not known.</summary>
    public JobUsageAnswer? Usage { get; init; }
}
