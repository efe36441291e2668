using Darkroom.Benchmarks;
using Darkroom.Benchmarks.Caching;
using Darkroom.Benchmarks.Chaos;
using Darkroom.Benchmarks.Checkpoints;
using Darkroom.Benchmarks.Cluster;
using Darkroom.Benchmarks.Costs;
using Darkroom.Benchmarks.Faults;
using Darkroom.Benchmarks.Load;
using Darkroom.Benchmarks.Looks;
using Darkroom.Benchmarks.Loras;
using Darkroom.Benchmarks.Probing;
using Darkroom.Benchmarks.Profile;
using Darkroom.Benchmarks.Real;
using Darkroom.Benchmarks.Sessions;
using Darkroom.Benchmarks.Simulation;

// A small harness, not a test: it prints figures, and judges nothing. Machines are noisy; medians and ratios of one run are what to quote.
// These have options of their own: --help tells them.
switch (args)
{
    case ["load", ..]: return await LoadCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["caching", ..]: return await CachingCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["chaos", ..]: return await ChaosCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["faults", ..]: return await FaultCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["cluster", ..]: return await ClusterCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["sessions", ..]: return await SessionCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["checkpoint", ..]: return await CheckpointCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["precision", ..]: return await PrecisionCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["layouts", ..]: return await LayoutCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["sizes", ..]: return await SizeCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["looks", ..]: return await LooksCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["lora", ..]: return await LoraCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["lora-inputs", ..]: return await LoraInputsCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["real", ..]: return await RealCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["profile", ..]: return await ProfileCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["costs", ..]: return await CostCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["memory", ..]:
        return await MemorySoakCommand.RunAsync(
            args.Length > 1 ? double.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1,
            args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : null);
    case ["simulate", ..]: return Simulate.Run(args[1..]);
    case ["start", var program]:
        await ServerStart.RunAsync(program);
        return 0;
    case [SessionWorker.Name, var set, var variant, var subject, var path, var side, var tokens]:
        SessionWorker.Run(set, variant, subject, path, side, tokens);
        return 0;
    case [RealWorker.Name, var contestant, var kind, var path, var side, var threads]:
        RealWorker.Run(contestant, kind, path, side, threads);
        return 0;
}
string[] names = args.Length > 0 ? args : ["samplers", "start", "picture", "soak"];
foreach (string name in names)
{
    switch (name)
    {
        case "samplers": SamplerSteps.Run(); break;
        case "start": await ServerStart.RunAsync(); break;
        case "picture": await PictureLatency.RunAsync(); break;
        case "hotpath": await EngineShare.RunAsync(types: false); break;
        case "hotpath:types": await EngineShare.RunAsync(types: true); break;
        case "hotpath:stores": await EngineShare.CompareStoresAsync(); break;
        case "tasks": await TaskSheet.RunAsync(); break;
        case "outpaint": await OutpaintSheet.RunAsync(); break;
        case "decode": DecodeCost.Run(); break;
        case "probe": ProbeCommand.Run(); break;
        case "sheet": await SamplerSheet.RunAsync(); break;
        case "soak": await Soak.RunAsync(pictures: 1000); break;
        case "residency": await ResidencySoak.RunAsync(loads: 1000); break;
        case "store": await StoreCost.RunAsync(); break;
        case "upscale": UpscaleCost.Run(only: null); break;
        case ['u', 'p', 's', 'c', 'a', 'l', 'e', ':', >= '0' and <= '4' and var run]: UpscaleCost.Run(run - '0'); break;
        default:
            Console.Error.WriteLine($"There is no benchmark '{name}'; there are decode, probe, samplers, start (start FILE: of a published program), " +
                "picture, " +
                "hotpath (hotpath:types names what is allocated, hotpath:stores compares jobs on disk and in memory), sheet, soak, residency, tasks, store, " +
                "simulate (simulate h100; simulate --chart FILE), outpaint, load, caching, chaos, cluster, faults, sessions, costs, checkpoint, layouts, " +
                "precision, sizes, real, profile, looks, lora, lora-inputs, upscale (upscale:0 to upscale:4 for one of its runs).");
            return 2;
    }
}
return 0;
