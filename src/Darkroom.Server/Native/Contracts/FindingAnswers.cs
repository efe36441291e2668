using System.ComponentModel.DataAnnotations;

namespace Darkroom.Server.Native.Contracts;

/// <summary>The noise that was taken out of a picture.</summary>
/// <param name="Deviation">Standard deviation as a share of the full scale, as it was given or estimated: 0.1 is 25.5 of 255.</param>
/// <param name="Level">Noise over signal where the reverse process began, in the model's latents.</param>
public sealed record NoiseAnswer(double Deviation, double Level);

/// <summary>Which of several candidates a picture is most like to a model. All lists are in the order of the candidates.</summary>
public record ClassificationAnswer
{
    /// <summary>What the picture was held against.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>The candidate with the least error.</summary>
    public required string Best { get; init; }

    /// <summary>Mean squared error of the model's predictions under each candidate: the least is the best.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>Standard error of how far each is behind the best; 0 for that itself. Absent with one trial.</summary>
    public IReadOnlyList<double>? Errors { get; init; }

    /// <summary>The posterior, with all candidates equally likely before: 0…1, together 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Trials that each was asked in: those that were surely behind were asked in fewer.</summary>
    public required IReadOnlyList<int> Trials { get; init; }

    /// <summary>How sure it is that more trials would find the same one best: 0…1.</summary>
    [Range(0, 1)]
    public required double Confidence { get; init; }

    /// <summary>Evaluations of the network that it took.</summary>
    public required int Evaluations { get; init; }
}

/// <summary>How likely a model finds a picture.</summary>
public record LikelihoodEstimate
{
    /// <summary>−log₂ of the likelihood for each value: how many bits a value takes, were the model a codec. Of latents it may be below 0.</summary>
    [Wire.WireSigned]
    public required double BitsPerDim { get; init; }

    /// <summary>ln of the probability of the picture's values, or of the density of its latents or floats; nats.</summary>
    [Wire.WireSigned]
    public required double LogLikelihood { get; init; }

    /// <summary>Standard error of <c>bits_per_dim</c>; absent with one probe.</summary>
    public double? Error { get; init; }

    /// <summary>Values that it is about: pixels times channels, or those of the latents.</summary>
    public required int Dimensions { get; init; }

    /// <summary><c>pixels</c>: the picture itself; <c>latents</c>: what the model's autoencoder makes of it.</summary>
    [Wire.WireName("LikelihoodSpace")]
    public required string Space { get; init; }
}

/// <summary>What layers of a model gave for a picture: a safetensors file with a tensor for each.</summary>
public record FeaturesFile
{
    /// <summary>The tensors, in the order of the request.</summary>
    public required IReadOnlyList<LayerTensor> Layers { get; init; }

    /// <summary>The file's path on this server, as long as it is held.</summary>
    [RegularExpression("^/v1/images/[0-9a-f]{32}$"), StringLength(43)]
    public required string Url { get; init; }

    /// <summary>Length of the file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hex.</summary>
    [RegularExpression("^[0-9a-f]{64}$"), StringLength(64)]
    public required string Sha256 { get; init; }
}

/// <summary>What one layer gave, float32.</summary>
/// <param name="Name">The layer, which is the tensor's name in the file.</param>
/// <param name="Shape">Sides of the tensor: of a block of a U-Net channels, height and width.</param>
public sealed record LayerTensor(string Name, IReadOnlyList<int> Shape);
