namespace Darkroom.Diffusion.Prediction;

/// <summary>What a denoiser's output means.</summary>
public enum PredictionType
{
    /// <summary>The noise ε in x = α·x₀ + σ·ε.</summary>
    Epsilon,

    /// <summary>The velocity v = α·ε − σ·x₀ (Salimans and Ho 2022).</summary>
    V,

    /// <summary>The clean latents x₀ themselves.</summary>
    Sample,

    /// <summary>The velocity ε − x₀ of a straight path x = (1 − σ)·x₀ + σ·ε (rectified flow).</summary>
    Flow,
}

/// <summary>The names that configuration files use.</summary>
public static class PredictionTypeNames
{
    /// <exception cref="NotSupportedException">The name is unknown; the message says which are known.</exception>
    public static PredictionType Parse(string? name) => name switch
    {
        null or "epsilon" => PredictionType.Epsilon,
        "v_prediction" => PredictionType.V,
        "sample" or "original_sample" => PredictionType.Sample,
        "flow_prediction" => PredictionType.Flow,
        _ => throw new NotSupportedException($"prediction_type '{name}' is unknown; known are epsilon, v_prediction, sample, flow_prediction."),
    };
}
