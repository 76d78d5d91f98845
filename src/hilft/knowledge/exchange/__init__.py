"""Questions and answers from other systems' exports, and all of ours out again; readers are pure."""
