namespace Darkroom.Benchmarks.Real;

/// <summary>How a run is made.</summary>
/// <param name="Rounds">How often every contestant takes its turn.</param>
/// <param name="Calls">Calls of a turn; their median counts.</param>
/// <param name="Threads">Of every session; 0: the server's choice and ONNX Runtime's own.</param>
/// <param name="Apart">Whether one contestant is in memory at a time, however much fits.</param>
internal sealed record RealOptions(int Rounds, int Calls, int Threads, bool Apart);
