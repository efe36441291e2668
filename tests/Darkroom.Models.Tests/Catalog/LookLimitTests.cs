using Darkroom.Models.ControlNets;
using Darkroom.Models.Families;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Residency;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>A file is found by the first request that names it, whatever was asked for before; and wrong names cost a tenth of the time at most.</summary>
public sealed class LookLimitTests : IDisposable
{
    private readonly string models = Directory.CreateTempSubdirectory("darkroom-look-").FullName;
    private readonly HandTime time = new();

    [Fact]
    public void Looking_takes_a_tenth_of_the_time_at_most()
    {
        var limit = new LookLimit(time);
        int looks = 0;
        for (int asked = 0; asked < 1000; asked++)
        {
            limit.Look(() =>
            {
                looks++;
                time.Move(0.2);
            });
            time.Move(0.01);
        }
        // 10 s of asking and waiting: one look each 2 s, of which 0.2 s is the look itself.
        Assert.InRange(looks, 5, 6);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("upscaler")]
    [InlineData("ControlNet")]
    [InlineData("LoRA")]
    public void What_is_put_there_just_after_a_wrong_name_was_asked_for_is_found(string kind)
    {
        var hash = new ModelHash();
        using var pool = new ModelPool(new ModelCatalog(models), hash, ModelFamilies.Create(0), [DeviceMemory.Of(new SessionSettings())], null, time);
        using var upscalers = new UpscalerPool(new UpscalerCatalog(models), hash, [DeviceMemory.Of(new SessionSettings())], time);
        var controlNets = new ControlNetCatalog(models, time);
        var loras = new LoraCatalog(models, hash, time);
        Func<string, bool> isThere = kind switch
        {
            "model" => id => pool.Find(id) is not null,
            "upscaler" => id => upscalers.Find(id) is not null,
            "ControlNet" => id => controlNets.Find(id) is not null,
            _ => id => loras.Find(id) is not null,
        };
        string folder = kind switch
        {
            "model" => models,
            "upscaler" => UpscalerCatalog.FolderName,
            "ControlNet" => ControlNetCatalog.FolderName,
            _ => LoraCatalog.FolderName,
        };
        Assert.False(isThere("wrong"));
        string place = Directory.CreateDirectory(Path.Combine(models, folder)).FullName;
        File.WriteAllText(Path.Combine(place, kind == "upscaler" ? "new.onnx" : "new.safetensors"), "not read here");
        Assert.True(isThere("new"));
    }

    public void Dispose() => Directory.Delete(models, recursive: true);
}
