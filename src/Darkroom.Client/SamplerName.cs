using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>A sampler: the rule of a step. GET /v1/samplers lists a server's; what AUTOMATIC1111, diffusers and ComfyUI call them is taken too.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<SamplerName>))]
public readonly record struct SamplerName(string Value) : IWireName<SamplerName>
{
    /// <summary>The class that the model's own configuration names.</summary>
    public static SamplerName Default => new("default");

    /// <summary><c>euler</c>.</summary>
    public static SamplerName Euler => new("euler");

    /// <summary><c>euler_ancestral</c>.</summary>
    public static SamplerName EulerAncestral => new("euler_ancestral");

    /// <summary><c>heun</c>.</summary>
    public static SamplerName Heun => new("heun");

    /// <summary><c>dpm_2</c>.</summary>
    public static SamplerName Dpm2 => new("dpm_2");

    /// <summary><c>dpm_2_ancestral</c>.</summary>
    public static SamplerName Dpm2Ancestral => new("dpm_2_ancestral");

    /// <summary><c>lms</c>.</summary>
    public static SamplerName Lms => new("lms");

    /// <summary><c>dpmpp_2m</c>.</summary>
    public static SamplerName Dpmpp2m => new("dpmpp_2m");

    /// <summary><c>dpmpp_3m</c>.</summary>
    public static SamplerName Dpmpp3m => new("dpmpp_3m");

    /// <summary><c>dpmpp_2m_sde</c>.</summary>
    public static SamplerName Dpmpp2mSde => new("dpmpp_2m_sde");

    /// <summary><c>dpmpp_3m_sde</c>.</summary>
    public static SamplerName Dpmpp3mSde => new("dpmpp_3m_sde");

    /// <summary><c>dpmpp_2s</c>.</summary>
    public static SamplerName Dpmpp2s => new("dpmpp_2s");

    /// <summary><c>dpmpp_2s_ancestral</c>.</summary>
    public static SamplerName Dpmpp2sAncestral => new("dpmpp_2s_ancestral");

    /// <summary><c>dpmpp_sde</c>.</summary>
    public static SamplerName DpmppSde => new("dpmpp_sde");

    /// <summary><c>ddim</c>.</summary>
    public static SamplerName Ddim => new("ddim");

    /// <summary><c>ddpm</c>.</summary>
    public static SamplerName Ddpm => new("ddpm");

    /// <summary><c>pndm</c>.</summary>
    public static SamplerName Pndm => new("pndm");

    /// <summary><c>unipc</c>.</summary>
    public static SamplerName Unipc => new("unipc");

    /// <summary><c>deis</c>.</summary>
    public static SamplerName Deis => new("deis");

    /// <summary><c>ipndm</c>.</summary>
    public static SamplerName Ipndm => new("ipndm");

    /// <summary><c>lcm</c>.</summary>
    public static SamplerName Lcm => new("lcm");

    /// <summary><c>tcd</c>.</summary>
    public static SamplerName Tcd => new("tcd");

    /// <summary><c>edm_euler</c>.</summary>
    public static SamplerName EdmEuler => new("edm_euler");

    /// <summary><c>edm_dpmpp_2m</c>.</summary>
    public static SamplerName EdmDpmpp2m => new("edm_dpmpp_2m");

    /// <summary><c>dpm_fast</c>.</summary>
    public static SamplerName DpmFast => new("dpm_fast");

    /// <summary><c>dpm_adaptive</c>.</summary>
    public static SamplerName DpmAdaptive => new("dpm_adaptive");

    /// <summary><c>restart</c>.</summary>
    public static SamplerName Restart => new("restart");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator SamplerName(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static SamplerName IWireName<SamplerName>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
