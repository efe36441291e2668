using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Darkroom.Client.Contracts;

/// <summary>Requests as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Txt2ImgRequest))]
[JsonSerializable(typeof(Img2ImgRequest))]
[JsonSerializable(typeof(InpaintRequest))]
[JsonSerializable(typeof(OutpaintRequest))]
[JsonSerializable(typeof(UpscaleRequest))]
[JsonSerializable(typeof(DenoiseRequest))]
[JsonSerializable(typeof(ClassifyRequest))]
[JsonSerializable(typeof(LikelihoodRequest))]
[JsonSerializable(typeof(FeaturesRequest))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    /// <summary>As it is sent: letters as themselves.</summary>
    private static RequestJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>How a request of this type is read and written.</summary>
    public static JsonTypeInfo TypeOf(Type request) =>
        Wire.GetTypeInfo(request) ?? throw new NotSupportedException($"{request} is not a request of this client.");
}
