using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>A noise schedule: the rule of the noise levels.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<ScheduleName>))]
public readonly record struct ScheduleName(string Value) : IWireName<ScheduleName>
{
    /// <summary>The sampler's own.</summary>
    public static ScheduleName Default => new("default");

    /// <summary><c>karras</c>.</summary>
    public static ScheduleName Karras => new("karras");

    /// <summary><c>exponential</c>.</summary>
    public static ScheduleName Exponential => new("exponential");

    /// <summary><c>polyexponential</c>.</summary>
    public static ScheduleName Polyexponential => new("polyexponential");

    /// <summary><c>beta</c>.</summary>
    public static ScheduleName Beta => new("beta");

    /// <summary><c>normal</c>.</summary>
    public static ScheduleName Normal => new("normal");

    /// <summary><c>simple</c>.</summary>
    public static ScheduleName Simple => new("simple");

    /// <summary><c>sgm_uniform</c>.</summary>
    public static ScheduleName SgmUniform => new("sgm_uniform");

    /// <summary><c>ddim_uniform</c>.</summary>
    public static ScheduleName DdimUniform => new("ddim_uniform");

    /// <summary><c>kl_optimal</c>.</summary>
    public static ScheduleName KlOptimal => new("kl_optimal");

    /// <summary><c>align_your_steps</c>.</summary>
    public static ScheduleName AlignYourSteps => new("align_your_steps");

    /// <summary><c>linear_quadratic</c>.</summary>
    public static ScheduleName LinearQuadratic => new("linear_quadratic");

    /// <summary><c>lcm</c>.</summary>
    public static ScheduleName Lcm => new("lcm");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator ScheduleName(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static ScheduleName IWireName<ScheduleName>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
