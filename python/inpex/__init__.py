# SPDX-License-Identifier: Apache-2.0
"""Shows what is in bundles. It computes nothing that a record does not hold, and judges nothing."""
